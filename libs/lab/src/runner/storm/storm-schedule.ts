import type { Coordination } from '@indoubt/contracts';
import { DATABASE_OWNERS, type ServerName } from '../../infrastructure/provider.ts';
import type { ProcessName } from '../lab/process-name.ts';

/** How a storm's orders are placed: one way, or every second one the other way. */
export type StormCoordination = Coordination | 'all';

/** What is done to the lab at one moment of a storm. */
export type StormAct =
  /** Faults in the grammar of CHAOS, armed while the processes run. */
  | { kind: 'arm'; rules: string }
  /** As `arm`, at a crash point where whoever comes by stands still for so long. */
  | { kind: 'hold'; name: string; rules: string; forMs: number }
  /** Everything that is armed is cleared, so that faults do not pile up. */
  | { kind: 'calm' }
  /** SIGKILL. */
  | { kind: 'kill'; process: ProcessName }
  /** SIGSTOP, and SIGCONT so much later. */
  | { kind: 'pause'; process: ProcessName; forMs: number }
  /** One more copy of a process beside it. */
  | { kind: 'copy'; process: ProcessName }
  /** A server is killed, and started again so much later. */
  | { kind: 'server'; server: ServerName; downMs: number };

/** An act, and when: milliseconds since the storm began. */
export type StormStep = { atMs: number } & StormAct;

/** All that a storm draws from: the same one makes the same orders and the same steps again. */
export interface StormSchedule {
  seed: number;
  durationMs: number;
  /** New orders a second. */
  rate: number;
  coordination: StormCoordination;
  /** Armed from the start, in the grammar of CHAOS: a broken variant, or nothing. */
  chaos: string;
  steps: StormStep[];
}

/** Bounds of a storm: what a machine of two cores can play, and hold in memory. */
export const STORM_MS_MAX = 3_600_000;
export const RATE_MAX = 200;

export const STORM_COORDINATIONS = ['saga', '2pc', 'all'] as const satisfies StormCoordination[];

export const SERVER_NAMES: readonly ServerName[] = [
  ...DATABASE_OWNERS.map((owner) => `postgres-${owner}` as const),
  'kafka',
];

/** A step in a few words, for a person and for the log of the storm. Pure. */
export function tellAct(act: StormAct): string {
  switch (act.kind) {
    case 'hold':
      return `${act.rules} for ${act.forMs} ms`;
    case 'calm':
      return 'clear everything that is armed';
    case 'kill':
      return `SIGKILL ${act.process}`;
    case 'pause':
      return `SIGSTOP ${act.process} for ${act.forMs} ms`;
    case 'copy':
      return `one more copy of ${act.process}`;
    case 'server':
      return `kill ${act.server}, start it again after ${act.downMs} ms`;
    case 'arm':
    default:
      return act.rules;
  }
}
