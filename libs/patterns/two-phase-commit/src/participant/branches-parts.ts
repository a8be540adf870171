import type { Pool, Queries } from '@indoubt/database';
import type { Decision } from '../protocol/coordinate.ts';
import type { AnyBranchWork } from './branch-work.ts';

/** What a participant needs to run its branches. */
export interface BranchesParts {
  lab: string;
  service: string;
  /** For the work of branches: they may wait for each other's locks. */
  workPool: Pool;
  /** For ending them, and single statements: never waits behind work that waits for a lock. */
  endPool: Pool;
  read: Queries;
  works: AnyBranchWork[];
  /**
   * Called when a branch has ended here, once for each message that ended it; its own no is an
   * abort.
   */
  ended(id: string, did: Decision): void;
}

/** Branches that this process prepared: when, by performance.now(), and in which trace. */
export type PreparedHere = Map<string, { since: number; traceparent: string | null }>;
