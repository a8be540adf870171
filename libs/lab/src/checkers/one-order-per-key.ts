import type { ClientOperation } from '../evidence/history/history-of.ts';
import type { KeyRow, Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';

type Placing = Extract<ClientOperation, { kind: 'place-order' }>;

const ANONYMOUS = 'anonymous ';
const LAB_ROUTE = 'POST /orders';

/**
 * INV-14: one idempotency key has at most one order, and all accepted requests with that key got
 * the same response. The order of a request whose response was lost is found by the trace of the
 * request.
 */
export function oneOrderPerKey(snapshot: Snapshot): Violation[] {
  const placings = snapshot.history.filter(
    (each): each is Placing => each.kind === 'place-order' && each.key !== null,
  );
  const byKey = Map.groupBy(placings, ({ caller, key }) => `${caller ?? ''} ${key}`);
  return [
    ...[...byKey.values()].flatMap((all) => [
      ...severalOrders(snapshot, all),
      ...unequalAnswers(snapshot, all),
      ...unlikeStored(snapshot, all),
    ]),
    ...snapshot.keys.flatMap((row) => wrongRow(snapshot, row)),
  ];
}

function severalOrders({ orders, keysKeptMs }: Snapshot, all: Placing[]): Violation[] {
  const there = new Set(orders.map(({ id }) => id));
  const placed = new Map<string, number>();
  for (const { orderId, invokedAt } of all) {
    if (orderId === null || !there.has(orderId)) continue;
    placed.set(orderId, Math.min(invokedAt, placed.get(orderId) ?? invokedAt));
  }
  const [first, ...more] = [...placed].toSorted(([, one], [, other]) => one - other);
  if (first === undefined) return [];
  return more
    .filter(([, at]) => at - first[1] < (keysKeptMs ?? Number.POSITIVE_INFINITY))
    .map(([id]) => {
      const about = { key: keyOf(all), orderId: first[0], otherOrderId: id };
      const says = `key ${keyOf(all)} has two orders: ${first[0]} and ${id}`;
      return violation('key-with-several-orders', about, says);
    });
}

/**
 * All accepted requests with one key had the same body, and got the same status and response body.
 */
function unequalAnswers({ keysKeptMs }: Snapshot, all: Placing[]): Violation[] {
  const [first, ...later] = accepted(all).toSorted((one, other) => one.invokedAt - other.invokedAt);
  if (first === undefined) return [];
  return later.flatMap((other) => {
    if (isLater(first, other, keysKeptMs)) return [];
    const key = keyOf(all);
    const about = { key, answeredAt: other.returnedAt ?? 0 };
    const named = `key ${key}`;
    if (other.request !== first.request) {
      const says = `${named} was accepted for two different requests`;
      return [violation('key-for-several-requests', about, says)];
    }
    if (other.httpStatus === first.httpStatus && other.bodyHash === first.bodyHash) return [];
    const codes = `${first.httpStatus} and ${other.httpStatus}`;
    const says = `${named} was answered ${codes}, with different bodies`;
    return [violation('key-answered-differently', about, says)];
  });
}

/** Whether the key may have expired between the two requests: it may then be used again. */
function isLater(first: Placing, other: Placing, keptMs: number | null): boolean {
  const known = other.returnedAt ?? Number.POSITIVE_INFINITY;
  return keptMs !== null && known - first.invokedAt >= keptMs;
}

/**
 * The stored response must equal the last accepted response, because a retry gets the stored
 * response.
 */
function unlikeStored({ keys, keysKeptMs }: Snapshot, all: Placing[]): Violation[] {
  const last = accepted(all)
    .toSorted((one, other) => one.invokedAt - other.invokedAt)
    .at(-1);
  if (last === undefined) return [];
  const { caller, key, httpStatus, bodyHash, orderId, returnedAt } = last;
  const row = keys.find((each) => each.key === key && isOf(each, caller));
  const about = {
    ...(key !== null && { key }),
    ...(orderId !== null && { orderId }),
    ...(row?.orderId && row.orderId !== orderId && { otherOrderId: row.orderId }),
    answeredAt: returnedAt ?? 0,
  };
  if (row === undefined) {
    if (keysKeptMs !== null) return []; // the key has expired and was deleted
    return [violation('key-not-stored', about, `key ${key} was accepted, but is not stored`)];
  }
  const isSame = row.status === httpStatus && row.bodyHash === bodyHash && row.orderId === orderId;
  if (isSame) return [];
  const stored = row.status === null ? 'nothing' : `${row.status} of ${row.orderId ?? 'no order'}`;
  const answered = `${httpStatus} of ${orderId ?? 'no order'}`;
  const says = `key ${key} stores ${stored}, but a client got ${answered}`;
  return [violation('key-unlike-answer', about, says)];
}

function wrongRow({ orders }: Snapshot, row: KeyRow): Violation[] {
  const { key, status, orderId, inProgress } = row;
  if (inProgress) {
    return [violation('key-in-progress', { key }, `key ${key} is still in progress: ${IN_USE}`)];
  }
  if (orderId === null || orders.some(({ id }) => id === orderId)) return [];
  const says = `key ${key} stores ${status} of order ${orderId}, which does not exist`;
  return [violation('key-of-missing-order', { key, orderId }, says)];
}

const IN_USE = 'a retry is refused';

function accepted(all: readonly Placing[]): Placing[] {
  return all.filter(({ outcome }) => outcome === 'ok');
}

function isOf({ scope }: KeyRow, caller: string | null): boolean {
  return scope.endsWith(LAB_ROUTE) && scope.startsWith(ANONYMOUS) === (caller === null);
}

function keyOf([placing]: Placing[]): string {
  return placing?.key ?? '';
}
