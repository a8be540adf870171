import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import type { Guard } from './infrastructure/guard.ts';
import { PROCESS_NAMES, type ProcessName } from './process-name.ts';
import type { RecordTail } from './record-tail.ts';
import type { RecordWriter } from './record-writer.ts';
import type { Fault } from './scenario.ts';
import { type ServiceSettings, serviceEnvironment } from './service-environment.ts';
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
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;
const DIES_WITHIN_MS = 30_000;

export function startServices(options: ServicesOptions): Services {
  const { record, signal, logsDir } = options;
  const running = new Map<ProcessName, ServiceProcess>();
  let stopping = false;

  function start(name: ProcessName, fault: Fault | undefined): void {
    const died = (signal: NodeJS.Signals | null) => {
      running.delete(name);
      // Killed, a supervisor brings it back, unless the scenario wants to do that itself. Ended by
      // its own error, it would end by the same again: its log says why.
      if (!stopping && signal !== null && fault?.restart !== 'by-scenario') start(name, undefined);
    };
    const env = serviceEnvironment(name, options.settings, fault);
    running.set(name, startServiceProcess({ ...options, name, env, died }));
  }

  async function ready(name: ProcessName): Promise<void> {
    const { pid } = running.get(name) ?? {};
    try {
      await record.next((line) => isReady(line, name, pid), READY_WITHIN_MS, signal);
    } catch (error) {
      signal.throwIfAborted();
      const log = join(logsDir, `${name}.log`);
      const detail = `${name} did not get ready within ${READY_WITHIN_MS / 1000} s. Its log: ${log}`;
      throw new Failure('lab-failed', detail, { cause: error });
    }
  }

  for (const name of PROCESS_NAMES) {
    start(
      name,
      options.faults.find((fault) => fault.process === name),
    );
  }
  return {
    running: () => [...running.values()].map(({ name, pid }) => ({ name, pid })),
    async ready() {
      await Promise.all(PROCESS_NAMES.map(ready));
    },
    async died(name) {
      await record.next(
        (line) => line.kind === 'event' && line.event === 'process-killed' && line.process === name,
        DIES_WITHIN_MS,
        signal,
      );
    },
    async restart(name) {
      if (running.has(name))
        throw new Failure('lab-failed', `${name} is running: nothing to restart`);
      start(name, undefined);
      await ready(name);
    },
    async stop() {
      stopping = true;
      await Promise.all([...running.values()].map((process) => process.stop()));
    },
  };
}

function isReady(
  line: Parameters<Parameters<RecordTail['next']>[0]>[0],
  name: string,
  pid?: number,
) {
  return (
    line.kind === 'event' &&
    line.event === 'service-ready' &&
    line.process === name &&
    line.pid === pid
  );
}
