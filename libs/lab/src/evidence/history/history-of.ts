import type { EventLine, RecordLine } from '@indoubt/record';

/** The outcome of a request, as its client knows it. */
export type Outcome = EventLine<'client-response'>['outcome'];

/** A request of a client with its response. Times are epoch milliseconds of the lab's clock. */
interface Operation {
  invokedAt: number;
  /** Null: no response came before the run or the client ended. */
  returnedAt: number | null;
  outcome: Outcome;
  traceId: string | null;
}

interface ToldOrder {
  /** Null for a new order whose id is in no response and no event. */
  orderId: string | null;
  /** PENDING, CONFIRMED or REJECTED, from the response; null when the response had no status. */
  status: string | null;
  reason: string | null;
}

/** The idempotency key of a request to place an order, with the response. */
export interface Keyed {
  /** The Idempotency-Key; null when the request had no key. */
  key: string | null;
  /** The authenticated caller, or null. Each caller has its own keys. */
  caller: string | null;
  /** A hash of the body of the request. */
  request: string;
  /** HTTP status; null when no response came. */
  httpStatus: number | null;
  /** The failure code of a problem response. */
  code: string | null;
  /** Whether the response is marked as a replay. */
  replayed: boolean;
  /** A hash of the response body. */
  bodyHash: string | null;
}

/** A request of a client: to place an order, or to read an order, a stock or an account. */
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
 * The history of a run: all requests of its clients, in the order in which they were sent. The id
 * of an order whose response was lost comes from its trace. Pure.
 */
export function historyOf(lines: readonly RecordLine[]): ClientOperation[] {
  const placed = new Map<string, string>();
  const answered = new Set<string>();
  const requests: Request[] = [];
  const answers: Response[] = [];
  for (const line of lines) {
    if (line.kind !== 'event') continue;
    if (line.event === 'client-request') requests.push(line);
    if (line.event === 'client-response') {
      answers.push(line);
      if (line.spanId !== undefined) answered.add(line.spanId);
    }
    if (line.event === 'order-placed' && line.traceId !== undefined) {
      placed.set(line.traceId, line.orderId);
    }
  }
  const silent = requests.filter(({ spanId }) => !answered.has(spanId));
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

/** An operation without a response: the run or the client ended first. */
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
