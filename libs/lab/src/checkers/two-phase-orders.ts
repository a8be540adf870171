import type { Snapshot } from '../evidence/snapshot/snapshot.ts';

/**
 * Ids of orders that two-phase commit placed or tried to place. An aborted transaction may have
 * left no order, only its id in the log or in a branch.
 */
export function twoPhaseOrders({ orders, transactions, branches }: Snapshot): Set<string> {
  const bySaga = new Set(orders.filter((each) => each.coordination === 'saga').map(({ id }) => id));
  const ids = [
    ...orders.map(({ id }) => id),
    ...transactions.map(({ id }) => id),
    ...branches.map(({ transactionId }) => transactionId),
  ];
  return new Set(ids.filter((id) => !bySaga.has(id)));
}
