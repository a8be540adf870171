import { healthySnapshot } from './healthy-snapshot.fixture.ts';
import type { Snapshot } from './snapshot.ts';

/** Rows before and after a run. */
export function sampleRows(): { before: Snapshot; after: Snapshot } {
  const after = healthySnapshot();
  const before: Snapshot = {
    ...healthySnapshot(),
    orders: [],
    orderLines: [],
    payments: [],
    transactions: [],
    accounts: after.accounts.map((row) => ({ ...row, balanceCents: row.openingCents })),
    stock: after.stock.map((row) => ({ ...row, available: row.opening, held: 0 })),
  };
  return { before, after };
}
