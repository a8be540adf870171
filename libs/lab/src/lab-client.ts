import { randomBytes } from 'node:crypto';
import { type OrderView, orderView, type PlaceOrder } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { RecordWriter } from './record-writer.ts';

/** The lab as a customer: talks HTTP to the order service, and writes down what it was told. */
export interface LabClient {
  /** POST /orders. @returns the accepted order */
  place(order: PlaceOrder): Promise<OrderView>;
  /** GET /orders/:id, waiting up to `waitS` seconds for its final state. */
  read(orderId: string, waitS: number): Promise<OrderView>;
  /** Orders that were accepted, as they were asked for, and the trace of each. */
  acknowledged(): Acknowledged[];
}

export interface Acknowledged {
  orderId: string;
  traceId: string;
  customerId: string;
  lines: PlaceOrder['lines'];
}

const REQUEST_WITHIN_MS = 10_000;

export function labClient(orderUrl: string, writer: RecordWriter, signal: AbortSignal): LabClient {
  const accepted: Acknowledged[] = [];
  return {
    acknowledged: () => accepted,
    async place(order) {
      const traceId = randomBytes(16).toString('hex');
      const spanId = randomBytes(8).toString('hex');
      const startedAt = performance.timeOrigin + performance.now();
      const asked = { method: 'POST', path: '/orders', ...order, traceId, spanId };
      writer.event('client', { event: 'client-request', ...asked });
      const response = await request(`${orderUrl}/orders`, signal, {
        method: 'POST',
        headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${spanId}-01` },
        body: JSON.stringify(order),
      });
      const body: unknown = await response.json();
      const { status } = response;
      const id = (body as { id?: string }).id;
      writer.event('client', { event: 'client-response', ...asked, status, orderId: id });
      clientSpan(writer, { traceId, spanId, startedAt, status, orderId: id });
      if (!response.ok) throw refused(status, body);
      const view = orderView.parse(body);
      accepted.push({ orderId: view.id, traceId, ...order });
      return view;
    },
    async read(orderId, waitS) {
      const response = await request(`${orderUrl}/orders/${orderId}`, signal, {
        headers: { prefer: `wait=${waitS}` },
        withinMs: waitS * 1_000 + REQUEST_WITHIN_MS,
      });
      const body: unknown = await response.json();
      if (!response.ok) throw refused(response.status, body);
      return orderView.parse(body);
    },
  };
}

async function request(
  url: string,
  stop: AbortSignal,
  { withinMs = REQUEST_WITHIN_MS, ...init }: RequestInit & { withinMs?: number },
): Promise<Response> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(withinMs)]);
    return await fetch(url, { ...init, signal });
  } catch (error) {
    stop.throwIfAborted();
    const detail = `${init.method ?? 'GET'} ${url}: no answer; it may have happened`;
    throw new Failure('service-unavailable', detail, { cause: error });
  }
}

const SERVER_ERROR = 500;

/** A 5xx says nothing about whether it happened; a 4xx says that it did not. */
function refused(status: number, body: unknown): Failure {
  const { detail } = body as { detail?: string };
  const code = status >= SERVER_ERROR ? 'service-unavailable' : 'invalid-request';
  return new Failure(code, `the order service answered ${status}: ${detail}`);
}

interface ClientSpan {
  traceId: string;
  spanId: string;
  startedAt: number;
  status: number;
  orderId: string | undefined;
}

const CLIENT_KIND = 2;

/** The root of an order's trace: the request as the customer saw it. */
function clientSpan(writer: RecordWriter, span: ClientSpan): void {
  const { traceId, spanId, startedAt, status, orderId } = span;
  const http = { 'http.request.method': 'POST', 'http.response.status_code': status };
  writer.span({
    process: 'client',
    name: 'POST /orders',
    traceId,
    spanId,
    startedAt,
    spanKind: CLIENT_KIND,
    endedAt: performance.timeOrigin + performance.now(),
    attributes: { ...http, ...(orderId !== undefined && { 'order.id': orderId }) },
  });
}
