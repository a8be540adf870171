import type { Coordination } from '@indoubt/contracts';
import { DATABASE_OWNERS, type ServerName } from '../../infrastructure/provider.ts';
import type { ProcessName } from '../lab/process-name.ts';

/** The coordination of a storm's orders; `all` alternates between both. */
export type StormCoordination = Coordination | 'all';

/** One step of a storm. */
export type StormAct =
  /** Faults in the grammar of CHAOS, armed while the processes run. */
  | { kind: 'arm'; rules: string }
  /** Arms a pause at a crash point, and releases the paused work after `forMs`. */
  | { kind: 'hold'; name: string; rules: string; forMs: number }
  /** Disarms all faults, so that they do not accumulate. */
  | { kind: 'calm' }
  /** SIGKILL. */
  | { kind: 'kill'; process: ProcessName }
  /** SIGSTOP, and SIGCONT after `forMs`. */
  | { kind: 'pause'; process: ProcessName; forMs: number }
  /** Starts another copy of a process. */
  | { kind: 'copy'; process: ProcessName }
  /** Kills a server and restarts it after `downMs`. */
  | { kind: 'server'; server: ServerName; downMs: number };

/** A step with its time: milliseconds since the storm began. */
export type StormStep = { atMs: number } & StormAct;

/** Everything that determines a storm: the same schedule repeats the same orders and steps. */
export interface StormSchedule {
  seed: number;
  durationMs: number;
  /** New orders per second. */
  rate: number;
  coordination: StormCoordination;
  /** Faults that are armed from the start, in the grammar of CHAOS, such as a broken variant. */
  chaos: string;
  steps: StormStep[];
}

/** Bounds of a storm: what a machine with two cores can run and store in memory. */
export const STORM_MS_MAX = 3_600_000;
export const RATE_MAX = 200;

export const STORM_COORDINATIONS = ['saga', '2pc', 'all'] as const satisfies StormCoordination[];

export const SERVER_NAMES: readonly ServerName[] = [
  ...DATABASE_OWNERS.map((owner) => `postgres-${owner}` as const),
  'kafka',
];

/** Describes a step in a few words. Pure. */
export function describeAct(act: StormAct): string {
  switch (act.kind) {
    case 'hold':
      return `${act.rules} for ${act.forMs} ms`;
    case 'calm':
      return 'disarm all faults';
    case 'kill':
      return `SIGKILL ${act.process}`;
    case 'pause':
      return `SIGSTOP ${act.process} for ${act.forMs} ms`;
    case 'copy':
      return `start another copy of ${act.process}`;
    case 'server':
      return `kill ${act.server}, restart it after ${act.downMs} ms`;
    case 'arm':
    default:
      return act.rules;
  }
}
