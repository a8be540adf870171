import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';
import type { Guard } from '../../infrastructure/process/guard.ts';
import type { ProcessName } from './process-name.ts';
import { serviceOf } from './service-environment.ts';

export interface ServiceProcessOptions {
  name: ProcessName;
  root: string;
  logsDir: string;
  env: Record<string, string>;
  /** Arguments for `node`, before the program. */
  nodeArgs: readonly string[];
  guard: Guard;
  writer: RecordWriter;
  /** Called when the process ended and the lab had not stopped it. */
  died(signal: NodeJS.Signals | null, code: number | null): void;
}

export interface ServiceProcess {
  name: ProcessName;
  pid: number;
  /** SIGTERM, then SIGKILL when that takes too long. Settles when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL from outside: counts as a death, not as a stop. Settles when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP, until it is resumed: it hangs, with its locks and connections. */
  pause(): void;
  resume(): void;
}

// Longer than the shutdown of a service may take, so only a service that hangs is killed.
const STOP_WITHIN_MS = 6_000;

/** Starts one service process, in a process group of its own, its output in a file of the run. */
export function startServiceProcess(options: ServiceProcessOptions): ServiceProcess {
  const { name, guard, writer } = options;
  const child = spawned(options);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`could not start ${name}`);
  guard.add(pid);
  writer.event(name, { event: 'process-started', pid });
  let isStopping = false;
  let paused = false;
  child.once('exit', (code, signal) => {
    guard.remove(pid);
    paused = false;
    if (isStopping) return;
    const event = signal === 'SIGKILL' ? 'process-killed' : 'process-exited';
    writer.event(name, { event, pid, signal, code });
    options.died(signal, code);
  });
  const resume = () => {
    if (!paused) return;
    paused = false;
    writer.event(name, { event: 'process-resumed', pid }); // before the process acts again
    child.kill('SIGCONT');
  };
  return {
    name,
    pid,
    async stop() {
      isStopping = true;
      resume(); // a paused process does not receive SIGTERM
      await ended(child, 'SIGTERM');
    },
    kill: () => ended(child, 'SIGKILL'),
    pause() {
      if (paused) return;
      paused = true;
      child.kill('SIGSTOP');
      writer.event(name, { event: 'process-paused', pid });
    },
    resume,
  };
}

function spawned({ name, root, logsDir, env, nodeArgs }: ServiceProcessOptions): ChildProcess {
  const log = openSync(join(logsDir, `${name}.log`), 'a');
  const main = join(root, 'services', serviceOf(name), 'src', 'main.ts');
  // kafkajs subtracts times that may be negative; Node warns of each (tulios/kafkajs#1751).
  const args = ['--disable-warning=TimeoutNegativeWarning', ...nodeArgs, main];
  try {
    return spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(timer);
}
