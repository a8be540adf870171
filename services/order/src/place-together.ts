import { setTimeout as wait } from 'node:timers/promises';
import { capturePayment, createOrder, type PlaceOrder, reserveStock } from '@indoubt/contracts';
import { type Pool, type Queries, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { record } from '@indoubt/record';
import type { Participant, Switches } from '@indoubt/two-phase-commit';
import { v7 } from 'uuid';
import { type Order, pendingOrder } from './order.ts';
import { insertOrder, readCatalogue } from './order-store.ts';

export interface PlaceTogetherParts {
  pool: Pool;
  read: Queries;
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
    super('in-doubt', `${what} Ask for the order later; do not place it again.`);
    this.orderId = orderId;
  }
}

/**
 * Places an order by two-phase commit: stock, money and order in one global transaction.
 * @returns the order as it ended: CONFIRMED, or REJECTED, of which nothing but that is kept
 * @throws Failure 'unknown-customer' or 'unknown-sku' (definite), 'not-reached' (definite: no
 *   coordinator is there); OrderInDoubt (indefinite)
 */
export async function placeTogether(
  parts: PlaceTogetherParts,
  command: PlaceOrder,
  switches: Partial<Switches>,
  now: Date,
): Promise<Order> {
  const { customerId } = command;
  const skus = command.lines.map((line) => line.sku);
  const catalogue = await readCatalogue(parts.read, customerId, skus);
  const order = pendingOrder(command, { id: v7(), now, coordination: '2pc', ...catalogue });
  const { id: orderId, totalCents } = order;
  const placed = { orderId, customerId, totalCents, lines: command.lines, coordination: '2pc' };
  record({ event: 'order-placed', ...placed });
  parts.underWay.add(orderId);
  const ending = endOf(parts, order, switches).finally(() => parts.underWay.delete(orderId));
  // It goes on when nobody waits for it any more: a doubt that ends leaves its order as it ended.
  ending.catch(() => undefined);
  const patience = new AbortController();
  const inDoubt = wait(parts.withinMs, undefined, { signal: patience.signal }).then(() => {
    throw new OrderInDoubt(orderId);
  });
  return Promise.race([ending, inDoubt]).finally(() => {
    inDoubt.catch(() => undefined);
    patience.abort();
  });
}

/** Runs the transaction, ends its own branch, and writes down an order that came to nothing. */
async function endOf(
  parts: PlaceTogetherParts,
  order: Order,
  switches: Partial<Switches>,
): Promise<Order> {
  const decided = await outcomeOf(parts, order, switches);
  try {
    return await carryOut(parts, order, decided);
  } catch (error) {
    // It is decided, and only we cannot say it: not a failure after which to place it again.
    if (error instanceof Failure) throw new OrderInDoubt(order.id);
    throw error;
  }
}

async function carryOut(
  parts: PlaceTogetherParts,
  order: Order,
  { decision, reason }: Decided,
): Promise<Order> {
  // Whoever asked knows first: its own branch need not wait until the coordinator tells it.
  const { did } = await parts.participant.branches.end(order.id, decision);
  if (did === 'commit') return { ...order, status: 'CONFIRMED' };
  return reject(parts.pool, order, reason ?? 'transaction-aborted');
}

interface Decided {
  decision: 'commit' | 'abort';
  reason: string | null;
}

/** Half of the time for an answer to the request, the rest for asking what became of it. */
const BEGIN_SHARE = 0.5;

async function outcomeOf(
  { participant, withinMs }: PlaceTogetherParts,
  order: Order,
  switches: Partial<Switches>,
): Promise<Decided> {
  const { coordinator } = participant;
  const transaction = { id: order.id, participants: branchesOf(order), ...switches };
  try {
    return await coordinator.begin(transaction, withinMs * BEGIN_SHARE);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.certainty === 'definite') throw nobodyThere(error);
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
function branchesOf({ id: orderId, customerId, totalCents, lines, createdAt }: Order) {
  const wanted = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  const reserve = { orderId, lines: wanted };
  const capture = { orderId, customerId, amountCents: totalCents };
  const create = { orderId, customerId, totalCents, lines, createdAt: createdAt.toISOString() };
  return [
    { name: 'inventory', work: { type: reserveStock.type, body: reserve } },
    { name: 'payment', work: { type: capturePayment.type, body: capture } },
    { name: 'order', work: { type: createOrder.type, body: create } },
  ];
}

/** The abort left nothing: that the order was tried, and why not, is written down by itself. */
async function reject(pool: Pool, order: Order, reason: string): Promise<Order> {
  const rejected: Order = { ...order, status: 'REJECTED', reason };
  await withTransaction(pool, async (tx) => {
    tx.onCommit(() =>
      record({ event: 'order-ended', orderId: order.id, status: 'REJECTED', reason }),
    );
    insertOrder(tx, rejected);
  });
  return rejected;
}
