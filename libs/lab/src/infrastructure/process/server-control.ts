import { Failure } from '@indoubt/failure';
import type { ServerControl, ServerName } from '../provider.ts';
import type { Guard } from './guard.ts';
import { type ServerProcess, stopServers } from './server-process.ts';

/** In an immediate shutdown Postgres kills its remaining processes after 5 s. */
const KILL_PATIENCE_MS = 8000;

export interface ServerPark {
  /** The current server processes: a started process is added, a killed process is removed. */
  processes: ServerProcess[];
  guard: Guard;
  /** Restarts a server, and adds its process to `processes` at once. */
  again: Record<ServerName, () => Promise<void>>;
  /** Aborted when the servers are being stopped. After that no server is started. */
  signal: AbortSignal;
}

/** The signal that ends a server at once, without a checkpoint. */
export function endSignal(name: string): NodeJS.Signals {
  return name.startsWith('postgres') ? 'SIGQUIT' : 'SIGKILL';
}

/** The pid of each server that runs. */
export function pidsOf(processes: ServerProcess[]): Record<string, number> {
  const alive = processes.filter((server) => !server.hasExited());
  return Object.fromEntries(alive.map(({ name, pid }) => [name, pid]));
}

/**
 * @returns the control, and `settled`, which waits until all its pending calls have ended
 */
export function controlServers({ processes, guard, again, signal }: ServerPark): {
  control: ServerControl;
  settled: () => Promise<void>;
} {
  const names = Object.keys(again) as ServerName[];
  const turns = new Map<ServerName, Promise<void>>();
  /** Runs the calls for one server one after the other: a start must end before a kill. */
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
    await end(name); // removes a process that died by itself
    try {
      await again[name]();
    } catch (error) {
      await end(name); // the process may still run without replying
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
