import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { explain, readLog } from './explain-log.ts';
import type { Guard, LastSignal } from './guard.ts';
import type { Account } from './unprivileged-account.ts';

/** A server that this process started. It leads its own process group. */
export interface ServerProcess {
  name: string;
  pid: number;
  logFile: string;
  hasExited: () => boolean;
  exited: Promise<void>;
  /** Signals the whole group. Does nothing when the group has ended. */
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
  /** The environment; this process's environment when absent. */
  env?: Record<string, string>;
  /** The account of the server; this process's user when absent. */
  account?: Account | undefined;
}

/**
 * Spawns a long-lived server in its own session, so that Ctrl-C does not reach it and this process
 * decides the order of the stop. Its output goes to a log file, and the guard is informed at once.
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
    const detail = `${name} could not be started: ${why.message}.\nNext: run 'scenario doctor'.`;
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
    // Somebody now waits for its end. Without ref() Node could exit before.
    child.ref();
    try {
      process.kill(-pid, sent);
    } catch {
      // The group has already ended.
    }
  };
  return { name, pid, logFile, hasExited: () => ended, exited, signal };
}

export interface ReadyOptions {
  /** Sends a client's request to the server. False or a rejection means that it is not ready. */
  probe: () => Promise<boolean>;
  /** Milliseconds from now until the wait fails. */
  timeoutMs: number;
  signal: AbortSignal;
}

const PROBE_PAUSE_MS = 20;

/**
 * Waits until the server replies to a real client.
 * @throws Failure 'infrastructure-unavailable': the server died or never replied; 'interrupted'
 */
export async function untilReady(
  server: ServerProcess,
  { probe, timeoutMs, signal }: ReadyOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const done = new AbortController();
  // A server may accept a connection before it can reply. Do not wait for such a probe when the
  // server has ended or the start was aborted.
  const givenUp = Promise.race([server.exited, aborted(signal, done.signal)]).then(() => false);
  try {
    for (;;) {
      if (await Promise.race([probe().catch(() => false), givenUp])) return;
      if (signal.aborted) throw new Failure('interrupted', `${server.name}: start interrupted.`);
      if (server.hasExited()) throw await serverFailure(server, 'stopped right after its start.');
      if (performance.now() > deadline) {
        throw await serverFailure(server, `did not reply within ${timeoutMs / 1000} s.`);
      }
      await Promise.race([delay(PROBE_PAUSE_MS), givenUp]);
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

/** Signals each server and waits for its end. After `patienceMs` milliseconds it sends SIGKILL. */
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
