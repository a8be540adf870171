import type { Queries, Tx } from '@indoubt/database';
import type { Branch } from '../protocol/participate.ts';

/**
 * Inserts the row 'committed' inside the branch, so that the row is visible only after the commit.
 * The insert fails after a tombstone, or after another prepare of the same transaction.
 */
export function markCommitted(tx: Tx, transactionId: string, onePhase: boolean): void {
  tx.write(
    `insert into branches (transaction_id, outcome, one_phase) values ($1, 'committed', $2)`,
    [transactionId, onePhase],
  );
}

/** Inserts the tombstone. @returns false when the branch has already ended (commit or abort) */
export async function leaveTombstone(read: Queries, transactionId: string): Promise<boolean> {
  const rows = await read.query(
    `insert into branches (transaction_id, outcome) values ($1, 'aborted') on conflict do nothing
     returning transaction_id`,
    [transactionId],
  );
  return rows.length > 0;
}

/** How a branch ended, else `unknown`. Does not show whether the branch is prepared. */
export async function readBranch(read: Queries, transactionId: string): Promise<Branch> {
  const [row] = await read.query<{ outcome: 'committed' | 'aborted'; alone: boolean }>(
    'select outcome, one_phase as alone from branches where transaction_id = $1',
    [transactionId],
  );
  if (row === undefined) return 'unknown';
  return row.alone ? 'committed-alone' : row.outcome;
}
