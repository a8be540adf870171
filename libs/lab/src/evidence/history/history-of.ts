import type { EventLine, RecordLine } from '@indoubt/record';

/** What became of a request, as its client knows it. */
export type Outcome = EventLine<'client-response'>['outcome'];

/** A request of a client with its answer; times in epoch milliseconds, by the lab's one clock. */
interface Operation {
  invokedAt: number;
  /** Null: the run ended, or its client, before anything came back. */
  returnedAt: number | null;
  outcome: Outcome;
  traceId: string | null;
}

interface ToldOrder {
  /** `orderId` of a new order is null when nobody has ever named it. */
  orderId: string | null;
  /** PENDING, CONFIRMED or REJECTED, as the client was told; null: it was not. */
  status: string | null;
  reason: string | null;
}

/** What a request to place an order was known by, and how it was answered. */
export interface Keyed {
  /** The Idempotency-Key; null: it had none. */
  key: string | null;
  /** Who asked, where that was said: keys are each caller's own. */
  caller: string | null;
  /** A hash of the body of the request. */
  request: string;
  /** Null: no answer came. */
  httpStatus: number | null;
  /** The failure code, of a problem. */
  code: string | null;
  /** Marked as an earlier request's answer. */
  replayed: boolean;
  /** A hash of the answer's body. */
  bodyHash: string | null;
}

/** What a client did: it placed an order, or read an order, a stock or an account. */
export type ClientOperation = Operation &
  (
    | ({ kind: 'place-order' } & ToldOrder & Keyed)
    | ({ kind: 'read-order' } & ToldOrder)
    | { kind: 'read-stock'; sku: string; available: number | null }
    | { kind: 'read-account'; customerId: string; balanceCents: number | null }
  );

type Request = EventLine<'client-request'>;
type Response = EventLine<'client-response'>;

/**
 * The history of a run: every request of its clients, in the order in which they were sent. An
 * order whose answer was lost is known by its trace, if it was placed. Pure.
 */
export function historyOf(lines: readonly RecordLine[]): ClientOperation[] {
  const placed = new Map<string, string>();
  const answered = new Set<string>();
  const asked: Request[] = [];
  const answers: Response[] = [];
  for (const line of lines) {
    if (line.kind !== 'event') continue;
    if (line.event === 'client-request') asked.push(line);
    if (line.event === 'client-response') {
      answers.push(line);
      if (line.spanId !== undefined) answered.add(line.spanId);
    }
    if (line.event === 'order-placed' && line.traceId !== undefined) {
      placed.set(line.traceId, line.orderId);
    }
  }
  const silent = asked.filter(({ spanId }) => !answered.has(spanId));
  return [
    ...answers.flatMap((line) => operationOf(line, placed) ?? []),
    ...silent.map((line) => unanswered(line, placed)),
  ].toSorted((one, other) => one.invokedAt - other.invokedAt);
}

function operationOf(
  line: Response,
  placed: ReadonlyMap<string, string>,
): ClientOperation | undefined {
  const { invokedAt, returnedAt, outcome, traceId = null } = line;
  const operation: Operation = { invokedAt, returnedAt, outcome, traceId };
  const order = {
    orderId: line.orderId ?? placed.get(line.traceId ?? '') ?? null,
    status: line.orderStatus ?? null,
    reason: line.reason ?? null,
  };
  if (line.method === 'POST') {
    const { status: httpStatus, code = null, replayed = false, bodyHash = null } = line;
    const answer = { httpStatus, code, replayed, bodyHash };
    return { kind: 'place-order', ...operation, ...order, ...requestOf(line), ...answer };
  }
  const { sku, customerId, available = null, balanceCents = null } = line;
  if (sku !== undefined) return { kind: 'read-stock', ...operation, sku, available };
  if (customerId !== undefined) {
    return { kind: 'read-account', ...operation, customerId, balanceCents };
  }
  return order.orderId === null ? undefined : { kind: 'read-order', ...operation, ...order };
}

/** The run ended, or the client, before an answer came. */
function unanswered(line: Request, placed: ReadonlyMap<string, string>): ClientOperation {
  const { at: invokedAt, traceId } = line;
  const order = { orderId: placed.get(traceId) ?? null, status: null, reason: null };
  const answer = { httpStatus: null, code: null, replayed: false, bodyHash: null };
  const operation: Operation = { invokedAt, returnedAt: null, outcome: 'unknown', traceId };
  return { kind: 'place-order', ...operation, ...order, ...requestOf(line), ...answer };
}

function requestOf({ key, caller, request }: Pick<Request, 'key' | 'caller' | 'request'>) {
  return { key, caller, request };
}
