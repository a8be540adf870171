import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import type { Guard } from './infrastructure/guard.ts';
import { PROCESS_NAMES, type ProcessName } from './process-name.ts';
import type { RecordTail } from './record-tail.ts';
import type { RecordWriter } from './record-writer.ts';
import type { Fault } from './scenario.ts';
import {
  copyEnvironment,
  type ServiceSettings,
  serviceEnvironment,
} from './service-environment.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';

export interface ServicesOptions {
  root: string;
  logsDir: string;
  guard: Guard;
  writer: RecordWriter;
  record: RecordTail;
  faults: Fault[];
  settings: ServiceSettings;
  signal: AbortSignal;
}

/** The lab's service processes: started together, started again when a fault has killed one. */
export interface Services {
  running(): { name: ProcessName; pid: number }[];
  /** Settles when every process has said that it is ready. */
  ready(): Promise<void>;
  /** Waits until the process has died. */
  died(name: ProcessName): Promise<void>;
  /** Starts a process that has died, without its fault, and waits until it is ready. */
  restart(name: ProcessName): Promise<void>;
  /**
   * Starts another copy of a process beside the one that runs, and waits until it is ready. Nobody
   * brings it back when it dies. @returns its pid
   */
  addCopy(name: ProcessName): Promise<number>;
  /** SIGKILL, and waits until it is gone; brought back as after a fault. */
  kill(name: ProcessName): Promise<void>;
  /** SIGSTOP. What is still paused in the end is resumed before it is stopped. */
  pause(name: ProcessName): void;
  /** SIGCONT. */
  resume(name: ProcessName): void;
  stop(): Promise<void>;
}

interface Fleet extends ServicesOptions {
  running: Map<ProcessName, ServiceProcess>;
  copies: ServiceProcess[];
  stopping: boolean;
  /** Of all processes so far. */
  deaths: number;
}

const READY_WITHIN_MS = 30_000;
const DIES_WITHIN_MS = 30_000;
/** A lab whose processes die this often is ill: bringing them back for ever would hide it. */
const DEATHS_MAX = 50;
const EXIT_FAILED = 1;

export function startServices(options: ServicesOptions): Services {
  const fleet: Fleet = { ...options, running: new Map(), copies: [], stopping: false, deaths: 0 };
  const { running, record, signal } = fleet;
  for (const name of PROCESS_NAMES) {
    const fault = options.faults.find(({ process }) => process === name);
    start(fleet, name, fault);
  }
  return {
    running: () => [...running.values()].map(({ name, pid }) => ({ name, pid })),
    async ready() {
      await Promise.all(PROCESS_NAMES.map((name) => ready(fleet, name, running.get(name)?.pid)));
    },
    async died(name) {
      const isDeath = (line: RecordLine) => isOf(line, name, 'process-killed');
      await record.next(isDeath, DIES_WITHIN_MS, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new Failure('timed-out', `${name} should have died and did not`, { cause: error });
      });
    },
    async restart(name) {
      if (running.has(name)) throw new Failure('lab-failed', `${name} is running already`);
      start(fleet, name, undefined);
      await ready(fleet, name, running.get(name)?.pid);
    },
    async addCopy(name) {
      const { pid } = startCopy(fleet, name);
      await ready(fleet, name, pid);
      return pid;
    },
    kill: (name) => alive(fleet, name).kill(),
    pause: (name) => alive(fleet, name).pause(),
    resume: (name) => alive(fleet, name).resume(),
    async stop() {
      fleet.stopping = true;
      const all = [...running.values(), ...fleet.copies];
      await Promise.all(all.map((process) => process.stop()));
    },
  };
}

function start(fleet: Fleet, name: ProcessName, fault: Fault | undefined): void {
  const died = (signal: NodeJS.Signals | null, code: number | null) => {
    fleet.running.delete(name);
    fleet.deaths += 1;
    // Killed, or ended by an error that nobody caught: a supervisor brings it back, unless the
    // scenario wants to do that itself. With wrong settings (code 2) it would end the same again.
    const curable = signal !== null || code === EXIT_FAILED;
    const again = curable && fault?.restart !== 'by-scenario' && fleet.deaths <= DEATHS_MAX;
    if (again && !fleet.stopping) start(fleet, name, undefined);
  };
  const env = serviceEnvironment(name, fleet.settings, fault);
  fleet.running.set(name, startServiceProcess({ ...fleet, name, env, died }));
}

function startCopy(fleet: Fleet, name: ProcessName): ServiceProcess {
  const env = copyEnvironment(name, fleet.settings, fleet.copies.length + 1);
  const copy = startServiceProcess({ ...fleet, name, env, died: () => undefined });
  fleet.copies.push(copy);
  return copy;
}

/** @throws Failure 'lab-failed' (definite) when it has died: there is nothing to act on */
function alive({ running }: Fleet, name: ProcessName): ServiceProcess {
  const process = running.get(name);
  if (process === undefined) throw new Failure('lab-failed', `${name} is not running`);
  return process;
}

/** @throws Failure 'lab-failed' (definite) naming the log */
async function ready(
  { record, logsDir, signal }: Fleet,
  name: ProcessName,
  pid: number | undefined,
) {
  const log = join(logsDir, `${name}.log`);
  const isNews = (line: RecordLine) =>
    line.pid === pid && (isOf(line, name, 'service-ready') || isOf(line, name, 'process-exited'));
  let news: RecordLine;
  try {
    news = await record.next(isNews, READY_WITHIN_MS, signal);
  } catch (error) {
    signal.throwIfAborted();
    const detail = `${name} was not ready within ${READY_WITHIN_MS / 1000} s. Its log: ${log}`;
    throw new Failure('lab-failed', detail, { cause: error });
  }
  if (isOf(news, name, 'process-exited')) {
    throw new Failure('lab-failed', `${name} ended before it was ready. Its log: ${log}`);
  }
}

function isOf(line: RecordLine, name: ProcessName, event: string): boolean {
  return line.kind === 'event' && line.process === name && line.event === event;
}
