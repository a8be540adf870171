import type { Queries, Tx } from '@indoubt/database';
import type { Branch } from '../protocol/participate.ts';

/**
 * Says within the branch that it is committed: seen by nobody before it is. A tombstone, or another
 * prepare of the same transaction, makes the transaction fail.
 */
export function markCommitted(tx: Tx, transactionId: string, onePhase: boolean): void {
  tx.write(
    `insert into branches (transaction_id, outcome, one_phase) values ($1, 'committed', $2)`,
    [transactionId, onePhase],
  );
}

/** Leaves the tombstone. @returns false when the branch has ended already, one way or the other */
export async function leaveTombstone(read: Queries, transactionId: string): Promise<boolean> {
  const rows = await read.query(
    `insert into branches (transaction_id, outcome) values ($1, 'aborted') on conflict do nothing
     returning transaction_id`,
    [transactionId],
  );
  return rows.length > 0;
}

/** How a branch ended, or `unknown`; whether it is prepared is Postgres's own knowledge. */
export async function readBranch(read: Queries, transactionId: string): Promise<Branch> {
  const [row] = await read.query<{ outcome: 'committed' | 'aborted'; alone: boolean }>(
    'select outcome, one_phase as alone from branches where transaction_id = $1',
    [transactionId],
  );
  if (row === undefined) return 'unknown';
  return row.alone ? 'committed-alone' : row.outcome;
}
