import { Failure } from '@indoubt/failure';
import type { ServerControl, ServerName } from '../provider.ts';
import type { Guard } from './guard.ts';
import { type ServerProcess, stopServers } from './server-process.ts';

/** In an immediate shutdown Postgres itself kills what has not ended after 5 s. */
const KILL_PATIENCE_MS = 8000;

export interface ServerPark {
  /** Every server process there is now; what is started is put in, what was killed is taken out. */
  processes: ServerProcess[];
  guard: Guard;
  /** How each is started again; it puts its process into `processes` as soon as there is one. */
  again: Record<ServerName, () => Promise<void>>;
  /** Aborted when the servers are being stopped: from then on none is started. */
  signal: AbortSignal;
}

/** What ends a server without asking it for anything: no checkpoint, no goodbye. */
export function endSignal(name: string): NodeJS.Signals {
  return name.startsWith('postgres') ? 'SIGQUIT' : 'SIGKILL';
}

/** The pid of each server that runs. */
export function pidsOf(processes: ServerProcess[]): Record<string, number> {
  const alive = processes.filter((server) => !server.hasExited());
  return Object.fromEntries(alive.map(({ name, pid }) => [name, pid]));
}

/**
 * @returns the control, and what waits until nothing that it was asked is under way any more
 */
export function controlServers({ processes, guard, again, signal }: ServerPark): {
  control: ServerControl;
  settled: () => Promise<void>;
} {
  const names = Object.keys(again) as ServerName[];
  const turns = new Map<ServerName, Promise<void>>();
  /** After what was asked of this server before: half a start cannot be killed or repeated. */
  const inTurn = (name: ServerName, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(work);
    turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
  const end = async (name: ServerName): Promise<void> => {
    for (const server of processes.filter((each) => each.name === name)) {
      if (!server.hasExited()) {
        await stopServers([{ server, signal: endSignal(name) }], KILL_PATIENCE_MS);
      }
      guard.remove(server.pid);
      processes.splice(processes.indexOf(server), 1);
    }
  };
  const begin = async (name: ServerName): Promise<void> => {
    if (processes.some((each) => each.name === name && !each.hasExited())) return;
    if (signal.aborted) throw new Failure('interrupted', `${name}: the servers are being stopped.`);
    await end(name); // one that died by itself
    try {
      await again[name]();
    } catch (error) {
      await end(name); // it may yet run, and not answer
      throw error;
    }
  };
  const control: ServerControl = {
    names,
    kill: (name) => inTurn(name, () => end(name)),
    start: (name) => inTurn(name, () => begin(name)),
  };
  const settled = async (): Promise<void> => void (await Promise.all(turns.values()));
  return { control, settled };
}
