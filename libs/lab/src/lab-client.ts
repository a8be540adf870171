import { randomBytes } from 'node:crypto';
import {
  type AccountView,
  type OrderView,
  orderView,
  type PlaceOrder,
  type StockView,
} from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { type Answer, ask } from './ask.ts';
import { recordAnswer } from './history/record-answer.ts';
import type { RecordWriter } from './record-writer.ts';
import type { HowToPlace } from './scenario.ts';

/** The lab as a customer: talks HTTP to the services, and writes down what it was told. */
export interface LabClient {
  /**
   * POST /orders. @returns the accepted order, or the id of one that is in doubt
   * @throws Failure 'invalid-request' (definite), 'service-unavailable' (indefinite)
   */
  place(order: PlaceOrder, how?: HowToPlace): Promise<OrderView | DoubtfulOrder>;
  /**
   * GET /orders/:id, waiting up to `waitS` seconds for its final state.
   * @throws Failure 'not-found' (definite), 'service-unavailable' (indefinite; in doubt, too)
   */
  read(orderId: string, waitS: number): Promise<OrderView>;
  /** GET /orders/:id, as it is now. @returns undefined when there is no such order */
  look(orderId: string): Promise<OrderView | 'in-doubt' | undefined>;
  stock(sku: string): Promise<StockView>;
  account(customerId: string): Promise<AccountView>;
  /** Orders that were accepted, as they were asked for. */
  acknowledged(): Acknowledged[];
  /** The trace of each order that was accepted or is in doubt. */
  traceIds(): string[];
}

/** Nobody could say what became of it: it was not acknowledged, and may yet be confirmed. */
interface DoubtfulOrder {
  id: string;
  status: 'in-doubt';
}

interface Acknowledged {
  orderId: string;
  customerId: string;
  lines: PlaceOrder['lines'];
}

export type ServiceUrls = Record<'order' | 'payment' | 'inventory', string>;

const WITHIN_MS = 10_000;
/** Two-phase commit answers when the transaction has ended; without a coordinator that is long. */
const PLACED_WITHIN_MS = 30_000;
const IN_DOUBT = 'in-doubt';
const NOT_FOUND = 'not-found';

export function labClient(urls: ServiceUrls, writer: RecordWriter, signal: AbortSignal): LabClient {
  const accepted: Acknowledged[] = [];
  const traceIds: string[] = [];
  const get = reading(writer, signal);
  return {
    acknowledged: () => accepted,
    traceIds: () => traceIds,
    async place(order, how = {}) {
      const { answer, id, traceId } = await post(urls.order, writer, signal, order, how);
      const inDoubt = answer.code === IN_DOUBT && id !== undefined;
      if (!answer.ok && !inDoubt) throw refused(answer);
      traceIds.push(traceId);
      if (inDoubt) return { id, status: IN_DOUBT };
      const view = orderView.parse(answer.body);
      accepted.push({ orderId: view.id, ...order });
      return view;
    },
    async read(orderId, waitS) {
      const answer = await get(urls.order, `/orders/${orderId}`, { orderId }, orderTold, waitS);
      if (!answer.ok) throw refused(answer);
      return orderView.parse(answer.body);
    },
    async look(orderId) {
      const answer = await get(urls.order, `/orders/${orderId}`, { orderId }, orderTold, 0);
      if (answer.code === NOT_FOUND) return undefined;
      if (answer.code === IN_DOUBT) return IN_DOUBT;
      if (!answer.ok) throw refused(answer);
      return orderView.parse(answer.body);
    },
    async stock(sku) {
      const answer = await get(urls.inventory, `/stock/${sku}`, { sku }, stockTold, 0);
      if (!answer.ok) throw refused(answer);
      return answer.body as StockView;
    },
    async account(customerId) {
      const path = `/accounts/${customerId}`;
      const answer = await get(urls.payment, path, { customerId }, accountTold, 0);
      if (!answer.ok) throw refused(answer);
      return answer.body as AccountView;
    },
  };
}

type Told = (answer: Answer) => Record<string, unknown>;

/** A GET, with one line in the record: a read that was never answered says nothing. */
function reading(writer: RecordWriter, signal: AbortSignal) {
  return (baseUrl: string, path: string, about: object, told: Told, waitS: number) => {
    const init = waitS === 0 ? {} : { headers: { prefer: `wait=${waitS}` } };
    const withinMs = waitS * 1_000 + WITHIN_MS;
    return recordAnswer(writer, { method: 'GET', path, ...about }, told, () =>
      ask(`${baseUrl}${path}`, withinMs, signal, init),
    );
  };
}

function orderTold({ ok, body }: Answer): Record<string, unknown> {
  if (!ok) return {};
  const { status: orderStatus, reason } = body as Partial<OrderView>;
  return { orderStatus, reason };
}

function stockTold({ ok, body }: Answer): Record<string, unknown> {
  if (!ok) return {};
  const { available, held } = body as Partial<StockView>;
  return { available, held };
}

function accountTold({ ok, body }: Answer): Record<string, unknown> {
  return ok ? { balanceCents: (body as Partial<AccountView>).balanceCents } : {};
}

/** One POST with its line in the record before and after, and the root of the order's trace. */
async function post(
  orderUrl: string,
  writer: RecordWriter,
  signal: AbortSignal,
  order: PlaceOrder,
  how: HowToPlace,
) {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const startedAt = performance.timeOrigin + performance.now();
  const asked = { method: 'POST', path: '/orders', ...order, traceId, spanId };
  writer.event('client', { event: 'client-request', ...asked });
  const prefer = preference(how);
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${spanId}-01`,
      ...(prefer !== '' && { prefer }),
    },
    body: JSON.stringify(order),
  };
  const told = (answer: Answer) => ({ orderId: orderIdOf(answer), ...orderTold(answer) });
  const answer = await recordAnswer(writer, asked, told, () =>
    ask(`${orderUrl}/orders`, PLACED_WITHIN_MS, signal, init),
  );
  const { status } = answer;
  const id = orderIdOf(answer);
  clientSpan(writer, { traceId, spanId, startedAt, status, orderId: id });
  return { answer, id, traceId };
}

/** The `Prefer` header (RFC 7240) of an order: what was given, and nothing else. Pure. */
export function preference({ coordination, presume, branches, lastResource }: HowToPlace): string {
  const parts = [
    coordination && `coordination=${coordination}`,
    presume && `presume=${presume}`,
    branches && `branches=${branches}`,
    lastResource && 'last-resource',
  ];
  return parts.filter(Boolean).join('; ');
}

/** Of an order in doubt there is nothing to show; where it will be is in the header. */
function orderIdOf({ body, code, location }: Answer): string | undefined {
  if (code === IN_DOUBT) return location?.split('/').at(-1);
  return (body as { id?: string } | null)?.id;
}

const SERVER_ERROR = 500;

/** A 5xx says nothing about whether it happened; a 4xx says that it did not. */
function refused({ url, status, code, body }: Answer): Failure {
  const detail = (body as { detail?: string } | null)?.detail;
  const what = `${url} answered ${status}: ${detail ?? 'and did not say why'}`;
  if (code === NOT_FOUND) return new Failure(NOT_FOUND, what);
  return new Failure(status >= SERVER_ERROR ? 'service-unavailable' : 'invalid-request', what);
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
