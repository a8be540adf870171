import { setTimeout as wait } from 'node:timers/promises';
import { failpoint } from '@indoubt/chaos';
import { createOrder } from '@indoubt/contracts';
import { autocommit, type Pool, withTransaction } from '@indoubt/database';
import { backOffMs, Failure } from '@indoubt/failure';
import { completeOrLose, type KeyedAnswer, type Keys } from '@indoubt/idempotency';
import { record } from '@indoubt/record';
import type { Switches, TransactionParticipant } from '@indoubt/two-phase-commit';
import { acceptanceOf } from './acceptance.ts';
import { type Begun, beginKeyed, type KeyedOrder } from './begin-keyed.ts';
import type { Order } from './order.ts';
import { orderCommands, orderDataOf } from './order-commands.ts';
import { insertOrder } from './order-store.ts';

export interface PlaceOrderBy2pcParts {
  pool: Pool;
  keys: Keys;
  participant: Pick<TransactionParticipant, 'branches' | 'coordinator'>;
  /** Orders that have begun and not ended. They may have no row yet. */
  inProgress: Set<string>;
  /** Milliseconds that the client waits; the transaction continues after that. */
  withinMs: number;
}

/** The outcome of an order is unknown: the order may still be confirmed. Indefinite. */
export class OrderInDoubt extends Failure {
  readonly orderId: string;

  constructor(orderId: string) {
    const what = `Order ${orderId} is in doubt: no coordinator has answered how it ended.`;
    super(
      'in-doubt',
      `${what} Repeat the request with the same Idempotency-Key, never with a new key.`,
    );
    this.orderId = orderId;
  }
}

/**
 * Places an order by two-phase commit: stock, money and order are one global transaction.
 * @returns the CONFIRMED or REJECTED order, or the stored answer of its key
 * @throws Failure 'idempotency-key-reused' (definite), 'not-reached' (definite: no coordinator got
 *   the request); OrderInDoubt, 'idempotency-key-in-use' (indefinite)
 */
export async function placeOrderBy2pc(
  parts: PlaceOrderBy2pcParts,
  keyed: KeyedOrder,
  switches: Partial<Switches>,
): Promise<KeyedAnswer> {
  const begun = await beginKeyed(parts.pool, parts.keys, keyed);
  if (!('order' in begun)) return begun;
  const data = orderDataOf(begun.order);
  const { orderId } = data;
  record({ event: 'order-placed', ...data, coordination: '2pc' });
  parts.inProgress.add(orderId);
  const ending = runTransaction(parts, begun, switches).finally(() =>
    parts.inProgress.delete(orderId),
  );
  // The transaction continues after the time-out of the client, so its error may have no handler.
  ending.catch(() => undefined);
  const timeout = new AbortController();
  const inDoubt = wait(parts.withinMs, undefined, { signal: timeout.signal }).then(() => {
    throw new OrderInDoubt(orderId);
  });
  const order = await Promise.race([ending, inDoubt]).finally(() => {
    inDoubt.catch(() => undefined);
    timeout.abort();
  });
  return { ...acceptanceOf(order), isReplayed: false };
}

/** Runs the transaction, ends the branch of this service, and stores a rejected order. */
async function runTransaction(
  parts: PlaceOrderBy2pcParts,
  begun: Begun,
  switches: Partial<Switches>,
): Promise<Order> {
  const decided = await outcomeOf(parts, begun, switches);
  try {
    return await carryOut(parts, begun, decided);
  } catch (error) {
    // Another attempt has taken over the key and will store the answer.
    if (error instanceof Failure && error.code === 'idempotency-key-in-use') throw error;
    // The transaction is decided, so this failure must not look definite to the client.
    if (error instanceof Failure) throw new OrderInDoubt(begun.order.id);
    throw error;
  }
}

async function carryOut(
  parts: PlaceOrderBy2pcParts,
  { order, attempt }: Begun,
  { decision, reason }: Decided,
): Promise<Order> {
  // This service gets the decision first, so it ends its own branch without the coordinator.
  const { did } = await parts.participant.branches.end(order.id, decision);
  if (did === 'commit') return { ...order, status: 'CONFIRMED' };
  await failpoint('aborted-not-stored', order.id);
  return reject(parts, { order, attempt }, reason ?? 'transaction-aborted');
}

interface Decided {
  decision: 'commit' | 'abort';
  reason: string | null;
}

/** Share of the time for the answer of the coordinator; the rest is for polling the outcome. */
const BEGIN_SHARE = 0.5;

async function outcomeOf(
  { participant, withinMs, pool, keys }: PlaceOrderBy2pcParts,
  begun: Begun,
  switches: Partial<Switches>,
): Promise<Decided> {
  const { coordinator } = participant;
  const { order, attempt } = begun;
  const transaction = { id: order.id, participants: branchesOf(begun), ...switches };
  try {
    return await coordinator.begin(transaction, withinMs * BEGIN_SHARE);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.certainty === 'definite') {
      // Nothing was begun, so a retry need not wait for the end of the lease.
      await keys.release(autocommit(pool), attempt).catch(() => undefined);
      throw notReached(error);
    }
    return pollUntilDecided(coordinator, order.id);
  }
}

/** Hides the error of the coordinator, which a client of this service does not know. */
function notReached(cause: Failure): Failure {
  const what = 'No coordinator is available, so nothing has been placed. Try again later.';
  return new Failure('not-reached', what, { cause });
}

const BACK_OFF = { baseMs: 100, maxMs: 2_000 };

/** Polls until a coordinator returns the decision: a missing answer does not mean an abort. */
async function pollUntilDecided(
  coordinator: TransactionParticipant['coordinator'],
  id: string,
): Promise<Decided> {
  for (let attempt = 1; ; attempt += 1) {
    const status = await coordinator.status(id).catch((error: unknown) => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    const decision = status?.decision ?? 'undecided';
    if (decision !== 'undecided') return { decision, reason: status?.reason ?? null };
    await wait(backOffMs(BACK_OFF, attempt, Math.random()));
  }
}

/** The same commands as in the saga, and the order itself as the last branch. */
function branchesOf({ order, attempt }: Begun) {
  const data = orderDataOf(order);
  const createdAt = order.createdAt.toISOString();
  const create = { ...data, lines: order.lines, createdAt, attempt };
  return [
    { name: 'inventory', work: orderCommands.reserveStock(data) },
    { name: 'payment', work: orderCommands.capturePayment(data) },
    { name: 'order', work: { type: createOrder.type, body: create } },
  ];
}

/** Stores the rejected order in a new transaction, since the abort has removed all rows. */
async function reject(
  { pool, keys }: PlaceOrderBy2pcParts,
  { order, attempt }: Begun,
  reason: string,
): Promise<Order> {
  const rejected: Order = { ...order, status: 'REJECTED', reason };
  await withTransaction(pool, async (tx) => {
    tx.onCommit(() =>
      record({ event: 'order-ended', orderId: order.id, status: 'REJECTED', reason }),
    );
    insertOrder(tx, rejected);
    await completeOrLose(tx, keys, attempt, acceptanceOf(rejected));
  });
  return rejected;
}
