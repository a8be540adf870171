import { releaseStock, reserveStock } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Point } from './linearizable.ts';

/** A point with its description, for messages. */
export interface StockPoint extends Point {
  named: string;
  /** The order and the step behind the point; absent for a reading. */
  orderId?: string;
  step?: string;
  /** A client received a response about the point, so the response must be explained. */
  answered: boolean;
}

export interface SkuHistory {
  sku: string;
  opening: number;
  points: StockPoint[];
}

type Stock = Snapshot['stock'][number];
type Span = { from: number; to: number };

const ANY_TIME: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const NO_STOCK = 'insufficient-stock';

/**
 * The history of each sku about which a client received a response. The reservation says that an
 * order took or gave back stock. The history of clients bounds the time: after the request, and (in
 * a saga) before the first response with the final status.
 */
export function stockHistories(snapshot: Snapshot): SkuHistory[] {
  const spans = spansOfOrders(snapshot);
  const points = [
    ...reservationPoints(snapshot, spans),
    ...refusalPoints(snapshot, spans),
    ...readPoints(snapshot),
  ];
  const bySku = Map.groupBy(points, ({ sku }) => sku);
  return snapshot.stock.filter(isStocked).flatMap(({ sku, opening }) => {
    const own = (bySku.get(sku) ?? []).map(({ make }) => make);
    const made: StockPoint[] = [];
    for (const make of own) made.push(...make(made.length));
    return made.some(({ answered }) => answered) ? [{ sku, opening, points: made }] : [];
  });
}

/**
 * Makes the points of one sku. `make` gets the number of points that exist already, to compute the
 * index in `after`.
 */
interface Made {
  sku: string;
  make(already: number): StockPoint[];
}

function isStocked({ madeToOrder }: Stock): boolean {
  return !madeToOrder;
}

/** By order id: from its first request to the first response with its final status. */
function spansOfOrders({ history }: Snapshot): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const operation of history) {
    if (operation.kind !== 'place-order' && operation.kind !== 'read-order') continue;
    const { orderId, status, returnedAt, invokedAt, kind, outcome } = operation;
    if (orderId === null) continue;
    const known = spans.get(orderId) ?? ANY_TIME;
    const hasEnded = outcome === 'ok' && status !== null && status !== 'PENDING';
    // A request that is repeated with its key may have placed the order at the first time.
    const first = Number.isFinite(known.from) ? Math.min(known.from, invokedAt) : invokedAt;
    spans.set(orderId, {
      from: kind === 'place-order' ? first : known.from,
      to: hasEnded ? Math.min(known.to, returnedAt ?? known.to) : known.to,
    });
  }
  return spans;
}

function reservationPoints(
  { reservations, orders }: Snapshot,
  spans: ReadonlyMap<string, Span>,
): Made[] {
  const known = new Map(orders.map((order) => [order.id, order]));
  return reservations.map(({ orderId, sku, quantity, status }) => {
    const order = known.get(orderId);
    const span = spans.get(orderId) ?? ANY_TIME;
    // With two-phase commit the client learns the decision before inventory has carried it out, so
    // the end is open. Stock that is held for an order that was not confirmed is a matter of INV-3
    // and INV-4.
    const isBound = order?.coordination === 'saga' && order.status === ENDED_AS[status];
    const to = isBound ? span.to : ANY_TIME.to;
    const answered = Number.isFinite(to);
    const point = { from: span.from, to, quantity, answered, orderId };
    const make = (already: number): StockPoint[] => {
      const took = `order ${orderId} held ${quantity} × ${sku}`;
      const take: StockPoint = {
        ...point,
        kind: 'take',
        after: null,
        named: took,
        step: reserveStock.type,
      };
      const gave = `order ${orderId} gave back ${quantity} × ${sku}`;
      const give: StockPoint = {
        ...point,
        kind: 'give',
        after: already,
        named: gave,
        step: releaseStock.type,
      };
      return status === 'RELEASED' ? [take, give] : [take];
    };
    return { sku, make };
  });
}

const ENDED_AS: Record<string, string> = { HELD: 'CONFIRMED', RELEASED: 'REJECTED' };

/**
 * An order with one sku that was refused with `insufficient-stock`: at some moment too little was
 * available.
 */
function refusalPoints(
  { history, orderLines, stock }: Snapshot,
  spans: ReadonlyMap<string, Span>,
): Made[] {
  const stocked = new Set(stock.filter(isStocked).map(({ sku }) => sku));
  const lines = Map.groupBy(
    orderLines.filter(({ sku }) => stocked.has(sku)),
    ({ orderId }) => orderId,
  );
  const refused = new Set<string>();
  for (const operation of history) {
    if (operation.kind !== 'place-order' && operation.kind !== 'read-order') continue;
    const { orderId, reason, outcome } = operation;
    if (outcome === 'ok' && reason === NO_STOCK && orderId !== null) refused.add(orderId);
  }
  return [...refused].flatMap((orderId) => {
    const [line, ...more] = lines.get(orderId) ?? [];
    if (line === undefined || more.length > 0) return []; // the refusal does not name the line
    const { sku, quantity } = line;
    const named = `order ${orderId} was refused ${quantity} × ${sku}`;
    const step = reserveStock.type;
    const rest = { quantity, after: null, named, answered: true, orderId, step };
    const span = spans.get(orderId) ?? ANY_TIME;
    return [{ sku, make: () => [{ ...span, kind: 'saw-less-than' as const, ...rest }] }];
  });
}

function readPoints({ history }: Snapshot): Made[] {
  return history.flatMap((operation) => {
    if (operation.kind !== 'read-stock' || operation.outcome !== 'ok') return [];
    const { sku, available, invokedAt, returnedAt } = operation;
    if (available === null || returnedAt === null) return [];
    const span = { from: invokedAt, to: returnedAt };
    const named = `stock of ${sku} was read as ${available}`;
    const rest = { quantity: available, after: null, named, answered: true };
    return [{ sku, make: () => [{ ...span, kind: 'saw' as const, ...rest }] }];
  });
}
