import { prepareTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { OperatedLab } from '../../evidence/in-doubt/operated-lab.ts';

/** A prepared transaction of a tool that died between its two phases. No coordinator ends it. */
export interface Orphan {
  /** The service that owns the stock. */
  owner: 'inventory';
  /** A gid of another program, such as `stock-import-7`. */
  gid: string;
  /** The product whose stock row is changed, and so locked. */
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
