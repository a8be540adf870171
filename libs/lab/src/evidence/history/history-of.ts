import type { RecordLine } from '@indoubt/record';

/** What became of a request, as its client knows it. */
export type Outcome = 'ok' | 'refused' | 'unknown';

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
  /** A hash of what was asked for. */
  request: string | null;
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

type EventLine = Extract<RecordLine, { kind: 'event' }>;

/**
 * The history of a run: every request of its clients, in the order in which they were sent. An
 * order whose answer was lost is known by its trace, if it was placed. Pure.
 */
export function historyOf(lines: readonly RecordLine[]): ClientOperation[] {
  const placed = new Map<string, string>();
  const answered = new Set<string>();
  const asked: EventLine[] = [];
  const answers: EventLine[] = [];
  for (const line of lines) {
    if (line.kind !== 'event') continue;
    if (line.event === 'client-request') asked.push(line);
    if (line.event === 'client-response') {
      answers.push(line);
      if (line.spanId !== undefined) answered.add(line.spanId);
    }
    if (line.event === 'order-placed' && line.traceId !== undefined) {
      placed.set(line.traceId, line.orderId ?? '');
    }
  }
  const silent = asked.filter(({ spanId }) => spanId !== undefined && !answered.has(spanId));
  return [...answers, ...silent]
    .flatMap((line) => operationOf(line, placed) ?? [])
    .toSorted((one, other) => one.invokedAt - other.invokedAt);
}

function operationOf(
  line: EventLine,
  placed: ReadonlyMap<string, string>,
): ClientOperation | undefined {
  const returned = line.event === 'client-response';
  const outcome = line['outcome'];
  const operation: Operation = {
    invokedAt: numberIn(line, 'invokedAt') ?? line.at,
    returnedAt: returned ? (numberIn(line, 'returnedAt') ?? line.at) : null,
    outcome: outcome === 'ok' || outcome === 'refused' ? outcome : 'unknown',
    traceId: line.traceId ?? null,
  };
  const order = {
    orderId: line.orderId ?? placed.get(line.traceId ?? '') ?? null,
    status: textIn(line, 'orderStatus'),
    reason: textIn(line, 'reason'),
  };
  if (line['method'] === 'POST') {
    return { kind: 'place-order', ...operation, ...order, ...keyedOf(line) };
  }
  const [sku, customerId] = [textIn(line, 'sku'), textIn(line, 'customerId')];
  if (sku !== null) {
    return { kind: 'read-stock', ...operation, sku, available: numberIn(line, 'available') };
  }
  if (customerId !== null) {
    const balanceCents = numberIn(line, 'balanceCents');
    return { kind: 'read-account', ...operation, customerId, balanceCents };
  }
  return order.orderId === null ? undefined : { kind: 'read-order', ...operation, ...order };
}

function keyedOf(line: EventLine): Keyed {
  return {
    key: textIn(line, 'key'),
    caller: textIn(line, 'caller'),
    request: textIn(line, 'request'),
    httpStatus: numberIn(line, 'status'),
    code: textIn(line, 'code'),
    replayed: line['replayed'] === true,
    bodyHash: textIn(line, 'bodyHash'),
  };
}

function numberIn(line: EventLine, field: string): number | null {
  const value = line[field];
  return typeof value === 'number' ? value : null;
}

function textIn(line: EventLine, field: string): string | null {
  const value = line[field];
  return typeof value === 'string' ? value : null;
}
