import { setTimeout as wait } from 'node:timers/promises';
import { failpoint } from '@indoubt/chaos';
import { capturePayment, createOrder, reserveStock } from '@indoubt/contracts';
import { autocommit, type Pool, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { completeOrLose, type KeyedAnswer, type Keys } from '@indoubt/idempotency';
import { record } from '@indoubt/record';
import type { Participant, Switches } from '@indoubt/two-phase-commit';
import { acceptanceOf } from './acceptance.ts';
import { type Begun, beginKeyed, type KeyedOrder } from './begin-keyed.ts';
import type { Order } from './order.ts';
import { insertOrder } from './order-store.ts';

export interface PlaceTogetherParts {
  pool: Pool;
  keys: Keys;
  participant: Pick<Participant, 'branches' | 'coordinator'>;
  /** Orders that have been begun and not ended: there may be nothing to see of them yet. */
  underWay: Set<string>;
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
export async function placeTogether(
  parts: PlaceTogetherParts,
  keyed: KeyedOrder,
  switches: Partial<Switches>,
): Promise<KeyedAnswer> {
  const begun = await beginKeyed(parts.pool, parts.keys, keyed);
  if (!('order' in begun)) return begun;
  const { id: orderId, customerId, totalCents } = begun.order;
  const { lines } = keyed.command;
  record({ event: 'order-placed', orderId, customerId, totalCents, lines, coordination: '2pc' });
  parts.underWay.add(orderId);
  const ending = endOf(parts, begun, switches).finally(() => parts.underWay.delete(orderId));
  // It goes on when nobody waits for it any more: a doubt that ends leaves its order as it ended.
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
async function endOf(
  parts: PlaceTogetherParts,
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
  parts: PlaceTogetherParts,
  { order, attempt }: Begun,
  { decision, reason }: Decided,
): Promise<Order> {
  // Whoever asked knows first: its own branch need not wait until the coordinator tells it.
  const { did } = await parts.participant.branches.end(order.id, decision);
  if (did === 'commit') return { ...order, status: 'CONFIRMED' };
  await failpoint('aborted-not-stored', order.id);
  return reject(parts, { order, attempt }, reason ?? 'transaction-aborted');
}

interface Decided {
  decision: 'commit' | 'abort';
  reason: string | null;
}

/** Half of the time for an answer to the request, the rest for asking what became of it. */
const BEGIN_SHARE = 0.5;

async function outcomeOf(
  { participant, withinMs, pool, keys }: PlaceTogetherParts,
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
      throw nobodyThere(error);
    }
    return askUntilDecided(coordinator, order.id);
  }
}

/** What a coordinator says of us is nothing for our clients. */
function nobodyThere(cause: Failure): Failure {
  const what = 'No coordinator can be asked: nothing has been placed. Try again later.';
  return new Failure('not-reached', what, { cause });
}

const ASK_AFTER_MS = 100;
const ASK_AFTER_MAX_MS = 2_000;

/** No answer is not an abort: the coordinator, or the one that takes its place, must say. */
async function askUntilDecided(
  coordinator: Participant['coordinator'],
  id: string,
): Promise<Decided> {
  for (let pauseMs = ASK_AFTER_MS; ; pauseMs = Math.min(pauseMs * 1.5, ASK_AFTER_MAX_MS)) {
    const status = await coordinator.status(id).catch((error: unknown) => {
      if (error instanceof Failure) return undefined;
      throw error;
    });
    const decision = status?.decision ?? 'undecided';
    if (decision !== 'undecided') return { decision, reason: status?.reason ?? null };
    await wait(pauseMs);
  }
}

/** The same commands that the saga sends, and the order itself; its branch comes last. */
function branchesOf({ order, attempt }: Begun) {
  const { id: orderId, customerId, totalCents, lines } = order;
  const createdAt = order.createdAt.toISOString();
  const wanted = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const reserve = { orderId, lines: wanted };
  const capture = { orderId, customerId, amountCents: totalCents };
  const create = { orderId, customerId, totalCents, lines, createdAt, attempt };
  return [
    { name: 'inventory', work: { type: reserveStock.type, body: reserve } },
    { name: 'payment', work: { type: capturePayment.type, body: capture } },
    { name: 'order', work: { type: createOrder.type, body: create } },
  ];
}

/** The abort left nothing: that the order was tried, and why not, is written down by itself. */
async function reject(
  { pool, keys }: PlaceTogetherParts,
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
