import type { Pool, Queries } from '@indoubt/database';
import type { Decision } from '../protocol/coordinate.ts';
import type { AnyBranchWork } from './branch-work.ts';

/** The parts that a participant needs to run its branches. */
export interface BranchesParts {
  lab: string;
  service: string;
  /** For the work of branches, which may wait for each other's locks. */
  workPool: Pool;
  /** For commits, aborts and single statements: never blocked by work that waits for a lock. */
  endPool: Pool;
  read: Queries;
  works: AnyBranchWork[];
  /** Called once for each message that ended a branch here. A vote "no" is an abort. */
  ended(id: string, did: Decision): void;
}

/** Branches that this process prepared; `since` is a time of performance.now(). */
export type PreparedHere = Map<string, { since: number; traceparent: string | null }>;
