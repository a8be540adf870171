import { join } from 'node:path';
import { type ChaosRule, chaosText } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import type { RecordTail } from '../../evidence/record/record-tail.ts';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';
import type { Guard } from '../../infrastructure/process/guard.ts';
import { unspentRules } from '../chaos/spent-rules.ts';
import type { CardSettings } from './lab-settings.ts';
import type { ProcessName } from './process-name.ts';
import {
  copyEnvironment,
  processesOfLab,
  type ServiceSettings,
  serviceEnvironment,
} from './service-environment.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';

export interface ServicesOptions {
  root: string;
  /** Arguments for `node`, before the program of each service. */
  nodeArgs: readonly string[];
  logsDir: string;
  guard: Guard;
  writer: RecordWriter;
  record: RecordTail;
  /** All faults that are armed from the start. */
  rules: readonly ChaosRule[];
  /** Processes that stay dead until `restart` is called. */
  leftDead: readonly ProcessName[];
  /** After so many deaths no process is restarted, so that an endless crash is noticed. */
  deathsMax: number;
  settings: ServiceSettings;
  signal: AbortSignal;
}

/** The lab's service processes. They start together. A process that a fault kills is restarted. */
export interface Services {
  running(): { name: ProcessName; pid: number }[];
  /** Settles when every process has reported that it is ready. */
  ready(): Promise<void>;
  /** Waits until the process has died. */
  died(name: ProcessName): Promise<void>;
  /** Restarts a dead process without the fault that killed it, and waits until it is ready. */
  restart(name: ProcessName): Promise<void>;
  /**
   * Starts another copy of a running process, and waits until the copy is ready. A copy that dies
   * is not restarted. @returns its pid
   */
  addCopy(name: ProcessName): Promise<number>;
  /**
   * Arms faults for the process that the next restart starts. A second call is for the restart
   * after it.
   */
  armNextLife(name: ProcessName, rules: readonly ChaosRule[]): void;
  /** From now on processes start without faults. Broken variants stay, because they are code. */
  forgetFaults(): void;
  /** Sends SIGKILL and waits for the end of the process, which is restarted as after a fault. */
  kill(name: ProcessName): Promise<void>;
  /** Kills payment and restarts it with these settings. Settles when it is ready. */
  changeCards(cards: CardSettings): Promise<void>;
  /** SIGSTOP. A process that is still paused at the end is resumed before it is stopped. */
  pause(name: ProcessName): void;
  /** SIGCONT. */
  resume(name: ProcessName): void;
  stop(): Promise<void>;
}

interface Fleet extends ServicesOptions {
  running: Map<ProcessName, ServiceProcess>;
  copies: ServiceProcess[];
  stopping: boolean;
  /** Deaths of all processes so far. */
  deaths: number;
  nextLife: Map<ProcessName, (readonly ChaosRule[])[]>;
}

const READY_WITHIN_MS = 30_000;
const DIES_WITHIN_MS = 30_000;
const EXIT_FAILED = 1;
const ONE_WRITER = 'the card processor cannot be copied: its journal has only one writer';

export function startServices(options: ServicesOptions): Services {
  const fleet: Fleet = {
    ...options,
    running: new Map(),
    copies: [],
    stopping: false,
    deaths: 0,
    nextLife: new Map(),
  };
  const { running } = fleet;
  const names = processesOfLab(options.settings);
  for (const name of names) start(fleet, name);
  return {
    running: () => [...running.values()].map(({ name, pid }) => ({ name, pid })),
    async ready() {
      await Promise.all(names.map((name) => readyAtLast(fleet, name)));
    },
    died: (name) => died(fleet, name),
    async restart(name) {
      if (running.has(name)) throw new Failure('lab-failed', `${name} is already running`);
      start(fleet, name);
      await ready(fleet, name, running.get(name)?.pid);
    },
    async addCopy(name) {
      const { pid } = startCopy(fleet, name);
      await ready(fleet, name, pid);
      return pid;
    },
    forgetFaults() {
      fleet.nextLife.clear();
      fleet.rules = variantsOf(fleet);
    },
    armNextLife(name, rules) {
      fleet.nextLife.set(name, [...(fleet.nextLife.get(name) ?? []), rules]);
    },
    kill: (name) => alive(fleet, name).kill(),
    async changeCards(cards) {
      fleet.settings = { ...fleet.settings, cards };
      await alive(fleet, 'payment').kill();
      await readyAtLast(fleet, 'payment');
    },
    pause: (name) => alive(fleet, name).pause(),
    resume: (name) => alive(fleet, name).resume(),
    async stop() {
      fleet.stopping = true;
      const all = [...running.values(), ...fleet.copies];
      await Promise.all(all.map((process) => process.stop()));
    },
  };
}

async function died({ record, signal }: Fleet, name: ProcessName): Promise<void> {
  const isDeath = (line: RecordLine) => isOf(line, name, 'process-killed');
  await record.next(isDeath, DIES_WITHIN_MS, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Failure('timed-out', `${name} should have died, but it did not`, { cause: error });
  });
}

function start(fleet: Fleet, name: ProcessName): void {
  const died = (signal: NodeJS.Signals | null, code: number | null) => {
    fleet.running.delete(name);
    fleet.deaths += 1;
    // A process that was killed or ended by an uncaught error is restarted, unless the scenario
    // restarts it itself. With wrong settings (code 2) a restart would fail again.
    const canRestart = signal !== null || code === EXIT_FAILED;
    const mayRestart = !fleet.leftDead.includes(name) && fleet.deaths <= fleet.deathsMax;
    if (canRestart && mayRestart && !fleet.stopping) start(fleet, name);
  };
  const { rules, nextLife, record } = fleet;
  const more = nextLife.get(name)?.shift() ?? [];
  const lines = rules.length === 0 ? [] : record.readNow();
  // Rules of `armNextLife` are new, even if the same rule fired in an earlier process.
  const own = [...unspentRules(rules, name, lines), ...more];
  const env = serviceEnvironment(name, fleet.settings, chaosText(own));
  fleet.running.set(name, startServiceProcess({ ...fleet, name, env, died }));
}

function startCopy(fleet: Fleet, name: ProcessName): ServiceProcess {
  if (name === 'card-processor') throw new Failure('lab-failed', ONE_WRITER);
  const variants = chaosText(variantsOf(fleet));
  const env = copyEnvironment(name, fleet.settings, fleet.copies.length + 1, variants);
  const copy = startServiceProcess({ ...fleet, name, env, died: () => undefined });
  fleet.copies.push(copy);
  return copy;
}

/** A copy runs the same variant of the code as the process, but has none of its faults. */
function variantsOf({ rules }: Fleet): ChaosRule[] {
  return rules.filter(({ kind }) => kind === 'variant');
}

/** @throws Failure 'lab-failed' (definite) when the process is dead */
function alive({ running }: Fleet, name: ProcessName): ServiceProcess {
  const process = running.get(name);
  if (process === undefined) throw new Failure('lab-failed', `${name} is not running`);
  return process;
}

/** Waits until the process is ready, also when it dies during its start and is restarted. */
async function readyAtLast(fleet: Fleet, name: ProcessName): Promise<void> {
  for (let died = true; died; ) {
    const { pid } = alive(fleet, name);
    died = await ready(fleet, name, pid).then(
      () => false,
      (error: unknown) => {
        if (fleet.running.get(name)?.pid === pid) throw error;
        return true; // it has already been restarted
      },
    );
  }
}

/** @throws Failure 'lab-failed' (definite) naming the log */
async function ready(
  { record, logsDir, signal }: Fleet,
  name: ProcessName,
  pid: number | undefined,
) {
  const log = join(logsDir, `${name}.log`);
  const isNews = (line: RecordLine) =>
    line.pid === pid && NEWS.some((event) => isOf(line, name, event));
  let news: RecordLine;
  try {
    news = await record.next(isNews, READY_WITHIN_MS, signal);
  } catch (error) {
    signal.throwIfAborted();
    const detail = `${name} was not ready within ${READY_WITHIN_MS / 1000} s. Next: read ${log}`;
    throw new Failure('lab-failed', detail, { cause: error });
  }
  if (!isOf(news, name, 'service-ready')) {
    throw new Failure('lab-failed', `${name} ended before it was ready. Next: read ${log}`);
  }
}

const NEWS = ['service-ready', 'process-exited', 'process-killed'];

function isOf(line: RecordLine, name: ProcessName, event: string): boolean {
  return line.kind === 'event' && line.process === name && line.event === event;
}
