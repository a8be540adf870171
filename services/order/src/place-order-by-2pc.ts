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
  /** Orders that have begun and not ended: they may have no row yet. */
  inProgress: Set<string>;
  /** How long the client waits for the end; the order goes on without it. Milliseconds. */
  withinMs: number;
}

/** Prepared, and nobody has said how it ends: the order may yet be confirmed. */
export class OrderInDoubt extends Failure {
  readonly orderId: string;

  constructor(orderId: string) {
    const what = `Whether order ${orderId} was placed is in doubt: no coordinator has said it.`;
    super(
      'in-doubt',
      `${what} Repeat the request with the same Idempotency-Key, never with a new one.`,
    );
    this.orderId = orderId;
  }
}

/**
 * Places an order by two-phase commit: stock, money and order in one global transaction.
 * @returns the answer: the order as it ended, CONFIRMED, or REJECTED, of which nothing but that is
 *   kept; or what its key was answered before
 * @throws Failure 'idempotency-key-reused' (definite), 'not-reached' (definite: no coordinator is
 *   there); OrderInDoubt, 'idempotency-key-in-use' (indefinite)
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
  // It goes on when the client waits no longer: the order still gets its final state.
  ending.catch(() => undefined);
  const patience = new AbortController();
  const inDoubt = wait(parts.withinMs, undefined, { signal: patience.signal }).then(() => {
    throw new OrderInDoubt(orderId);
  });
  const order = await Promise.race([ending, inDoubt]).finally(() => {
    inDoubt.catch(() => undefined);
    patience.abort();
  });
  return { ...acceptanceOf(order), isReplayed: false };
}

/** Runs the transaction, ends its own branch, and writes down an order that came to nothing. */
async function runTransaction(
  parts: PlaceOrderBy2pcParts,
  begun: Begun,
  switches: Partial<Switches>,
): Promise<Order> {
  const decided = await outcomeOf(parts, begun, switches);
  try {
    return await carryOut(parts, begun, decided);
  } catch (error) {
    // Another attempt with the same key is the one that answers.
    if (error instanceof Failure && error.code === 'idempotency-key-in-use') throw error;
    // It is decided, and only we cannot say it: not a failure after which to place it again.
    if (error instanceof Failure) throw new OrderInDoubt(begun.order.id);
    throw error;
  }
}

async function carryOut(
  parts: PlaceOrderBy2pcParts,
  { order, attempt }: Begun,
  { decision, reason }: Decided,
): Promise<Order> {
  // This service knows the decision first: its own branch need not wait for the coordinator.
  const { did } = await parts.participant.branches.end(order.id, decision);
  if (did === 'commit') return { ...order, status: 'CONFIRMED' };
  await failpoint('aborted-not-stored', order.id);
  return reject(parts, { order, attempt }, reason ?? 'transaction-aborted');
}

interface Decided {
  decision: 'commit' | 'abort';
  reason: string | null;
}

/** Half of the time for the answer to the request, the rest for polling its outcome. */
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
      // Or it would be in use until its lease ends, for nothing.
      await keys.release(autocommit(pool), attempt).catch(() => undefined);
      throw notReached(error);
    }
    return pollUntilDecided(coordinator, order.id);
  }
}

/** The coordinator's own words mean nothing to a client of this service. */
function notReached(cause: Failure): Failure {
  const what = 'No coordinator can be asked: nothing has been placed. Try again later.';
  return new Failure('not-reached', what, { cause });
}

const BACK_OFF = { baseMs: 100, maxMs: 2_000 };

/** No answer is not an abort: the coordinator, or the one that takes its place, must say. */
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

/** The same work that the saga commands, and the order itself; its branch comes last. */
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

/** The abort left nothing: that the order was tried, and why not, is written down by itself. */
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
