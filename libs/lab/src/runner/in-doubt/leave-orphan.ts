import { prepareTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { OperatedLab } from '../../evidence/in-doubt/operated-lab.ts';

/** What a tool leaves behind that died between its two phases, with nobody left to end it. */
export interface Orphan {
  /** The one who has stock. */
  owner: 'inventory';
  /** Not one of ours: such as `stock-import-7`. */
  gid: string;
  /** Whose row of stock it has changed, and so locked. */
  sku: string;
}

const LOCK_WITHIN_MS = 5_000;

/** @throws Failure 'unknown-sku' (definite); 'database-unavailable' (indefinite) */
export async function leaveOrphan(
  { databases }: OperatedLab,
  { owner, gid, sku }: Orphan,
): Promise<void> {
  await prepareTransaction(databases[owner], gid, LOCK_WITHIN_MS, async (tx) => {
    const changed = await tx.query(
      'update stock set available = available where sku = $1 returning sku',
      [sku],
    );
    if (changed.length === 0) throw new Failure('unknown-sku', `there is no stock of '${sku}'.`);
  });
}
