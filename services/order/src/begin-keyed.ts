import { failpoint } from '@indoubt/chaos';
import type { PlaceOrder } from '@indoubt/contracts';
import { commitLazily, type Pool, type Tx, withTransaction } from '@indoubt/database';
import {
  type Attempt,
  completeOrLose,
  type KeyedAnswer,
  type KeyedRequest,
  type Keys,
  refusalOf,
} from '@indoubt/idempotency';
import { v7 } from 'uuid';
import { type Order, pendingOrder } from './order.ts';
import { readCatalogue } from './order-store.ts';

export interface KeyedOrder {
  command: PlaceOrder;
  request: KeyedRequest;
  now: Date;
}

/** A priced order with a leased key. Nothing is placed yet. */
export interface Begun {
  order: Order;
  attempt: Attempt;
}

/**
 * Prices an order for two-phase commit and leases its key, since no transaction may be open while
 * other services are called. The lease need not be on disk. If it is lost, the branch that stores
 * the answer of the key does not find the lease and votes no.
 * @returns the priced order; or an answer: a replay, or a refusal that is now stored
 * @throws Failure 'idempotency-key-in-use' (indefinite), 'idempotency-key-reused' (definite)
 */
export async function beginKeyed(
  pool: Pool,
  keys: Keys,
  keyed: KeyedOrder,
): Promise<Begun | KeyedAnswer> {
  const begun = await withTransaction(pool, (tx) => claimAndPrice(tx, keys, keyed));
  if ('order' in begun) {
    const { order, isTakenOver } = begun;
    if (isTakenOver) await failpoint('reclaimed-not-placed', order.id);
    else await failpoint('keyed-not-placed', order.id);
  }
  return begun;
}

async function claimAndPrice(
  tx: Tx,
  keys: Keys,
  { command, request, now }: KeyedOrder,
): Promise<(Begun & { isTakenOver: boolean }) | KeyedAnswer> {
  const skus = command.lines.map((line) => line.sku);
  // Both queries are sent at once, so the key costs no extra round trip.
  const [claim, catalogue] = await Promise.all([
    keys.claim(tx, request),
    readCatalogue(tx, command.customerId, skus),
  ]);
  if (claim.kind === 'replay') return { ...claim.answer, isReplayed: true };
  const { attempt, isTakenOver } = claim;
  try {
    const order = pendingOrder(command, { id: v7(), now, coordination: '2pc', ...catalogue });
    const leased = keys.lease(tx, attempt);
    commitLazily(tx);
    return { order, attempt: leased, isTakenOver };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    await completeOrLose(tx, keys, attempt, refusal);
    await failpoint('refused-not-committed');
    return { ...refusal, isReplayed: false };
  }
}
