import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { explain, readLog } from './explain-log.ts';
import type { Guard, LastSignal } from './guard.ts';
import type { Account } from './unprivileged-account.ts';

/** One server that we started: the leader of a process group of its own. */
export interface ServerProcess {
  name: string;
  pid: number;
  logFile: string;
  hasExited: () => boolean;
  exited: Promise<void>;
  /** Signals the whole group; one that is gone is fine. */
  signal: (name: NodeJS.Signals) => void;
}

export interface ServerCommand {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  logFile: string;
  guard: Guard;
  lastSignal: LastSignal;
  /** Replaces the environment; ours when absent. */
  env?: Record<string, string>;
  /** Who it runs as; this process's user when absent. */
  account?: Account | undefined;
}

/**
 * Spawns a long-lived server in a session of its own (Ctrl-C reaches only us, and we decide the
 * order of the stop), its output in a log file, registered with the guard in the same breath.
 * @throws Failure 'infrastructure-unavailable' when the program cannot be started at all
 */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const { name, command, args, cwd, logFile, guard, account } = server;
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    cwd,
    detached: true,
    stdio: ['ignore', log, log],
    ...(server.env && { env: server.env }),
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    const why = await new Promise<Error>((resolve) => child.once('error', resolve));
    const detail = `${name} could not be started: ${why.message}.\nRun 'scenario doctor'.`;
    throw new Failure('infrastructure-unavailable', detail, { cause: why });
  }
  guard.add(pid, server.lastSignal);
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      ended = true;
      resolve();
    });
  });
  child.unref();
  const signal = (sent: NodeJS.Signals): void => {
    // Told to end, it is waited for: with nothing else to do, Node would leave before its end.
    child.ref();
    try {
      process.kill(-pid, sent);
    } catch {
      // Gone already, which is what a signal is for here.
    }
  };
  return { name, pid, logFile, hasExited: () => ended, exited, signal };
}

export interface ReadyOptions {
  /** Asks the server as its clients will; false or a rejection means "not yet". */
  probe: () => Promise<boolean>;
  /** Milliseconds from now until we give up. */
  timeoutMs: number;
  signal: AbortSignal;
}

const PROBE_PAUSE_MS = 20;

/**
 * Waits until the server answers a real client.
 * @throws Failure 'infrastructure-unavailable': it died or never answered; 'interrupted': aborted
 */
export async function untilReady(
  server: ServerProcess,
  { probe, timeoutMs, signal }: ReadyOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const done = new AbortController();
  // A server that has opened its port and does not serve yet keeps a probe waiting: do not wait for
  // the probe when it is known to be in vain.
  const inVain = Promise.race([server.exited, aborted(signal, done.signal)]).then(() => false);
  try {
    for (;;) {
      if (await Promise.race([probe().catch(() => false), inVain])) return;
      if (signal.aborted) throw new Failure('interrupted', `${server.name}: start interrupted.`);
      if (server.hasExited()) throw await serverFailure(server, 'stopped right after its start.');
      if (performance.now() > deadline) {
        throw await serverFailure(server, `did not answer within ${timeoutMs / 1000} s.`);
      }
      await Promise.race([delay(PROBE_PAUSE_MS), inVain]);
    }
  } finally {
    done.abort();
  }
}

async function aborted(signal: AbortSignal, forget: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await once(signal, 'abort', { signal: forget }).catch(() => undefined);
}

/** A Failure that shows the end of the server's log. */
async function serverFailure(server: ServerProcess, what: string): Promise<Failure> {
  const output = await readLog(server.logFile);
  const detail = explain(`${server.name} ${what}`, output, server.logFile);
  return new Failure('infrastructure-unavailable', detail);
}

const STOP_MS = 2000;

/** Signals each server, waits for its end, and uses KILL on what is left after the patience. */
export async function stopServers(
  servers: { server: ServerProcess; signal: NodeJS.Signals }[],
  patienceMs = STOP_MS,
): Promise<void> {
  for (const { server, signal } of servers) server.signal(signal);
  await Promise.all(
    servers.map(async ({ server }) => {
      const patience = new AbortController();
      await Promise.race([
        server.exited,
        delay(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined),
      ]);
      patience.abort();
      if (server.hasExited()) return;
      server.signal('SIGKILL');
      await server.exited;
    }),
  );
}
