import { randomUUID } from 'node:crypto';
import {
  type AccountView,
  type OrderView,
  orderView,
  type PlaceOrder,
  type StockView,
} from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { RecordEvent } from '@indoubt/record';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';
import { type Answer, ask } from './ask.ts';
import { IN_DOUBT, isReplayed, type Posted, postOrder, saysOfOrder } from './post-order.ts';
import { type End, recordAnswer } from './record-answer.ts';
import type { HowToPlace, HowToPost, PostAnswer } from './scenario-client.ts';

/** The lab as a customer: talks HTTP to the services, and writes down what it was told. */
export interface LabClient {
  /**
   * POST /orders. @returns the accepted order, or the id of one that is in doubt
   * @throws Failure 'invalid-request' (definite), 'service-unavailable' (indefinite)
   */
  place(order: PlaceOrder, how?: HowToPlace): Promise<OrderView | DoubtfulOrder>;
  /** POST /orders. @returns whatever was answered; a status of null when nothing was, in time */
  post(order: PlaceOrder, how?: HowToPost): Promise<PostAnswer>;
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
const NOT_FOUND = 'not-found';
const NO_ANSWER = {
  status: null,
  code: undefined,
  body: null,
  headers: {},
  replayed: false,
  orderId: undefined,
} as const;

export function labClient(urls: ServiceUrls, writer: RecordWriter, signal: AbortSignal): LabClient {
  const accepted = new Map<string, Acknowledged>();
  const traced = new Map<string, string>();
  const get = reading(writer, signal);
  const post: Post = async (order, how) => {
    const posted = await postOrder(urls.order, writer, signal, order, how);
    const { answer, id, traceId } = posted;
    // Told once more, an order has the trace that placed it.
    const isNews = id !== undefined && !traced.has(id);
    if (isNews && (answer.ok || answer.code === IN_DOUBT)) traced.set(id, traceId);
    if (id !== undefined && answer.ok) accepted.set(id, { orderId: id, ...order });
    return posted;
  };
  return {
    acknowledged: () => [...accepted.values()],
    traceIds: () => [...traced.values()],
    async place(order, how = {}) {
      const { answer, id } = await post(order, how);
      if (answer.code === IN_DOUBT && id !== undefined) return { id, status: IN_DOUBT };
      if (!answer.ok) throw refused(answer);
      return orderView.parse(answer.body);
    },
    post: answering(post, signal),
    async read(orderId, waitS) {
      const answer = await get(urls.order, `/orders/${orderId}`, { orderId }, saysOfOrder, waitS);
      if (!answer.ok) throw refused(answer);
      return orderView.parse(answer.body);
    },
    async look(orderId) {
      const answer = await get(urls.order, `/orders/${orderId}`, { orderId }, saysOfOrder, 0);
      if (answer.code === NOT_FOUND) return undefined;
      if (answer.code === IN_DOUBT) return IN_DOUBT;
      if (!answer.ok) throw refused(answer);
      return orderView.parse(answer.body);
    },
    async stock(sku) {
      const answer = await get(urls.inventory, `/stock/${sku}`, { sku }, saysOfStock, 0);
      if (!answer.ok) throw refused(answer);
      return answer.body as StockView;
    },
    async account(customerId) {
      const path = `/accounts/${customerId}`;
      const answer = await get(urls.payment, path, { customerId }, saysOfAccount, 0);
      if (!answer.ok) throw refused(answer);
      return answer.body as AccountView;
    },
  };
}

type Post = (order: PlaceOrder, how: HowToPost) => Promise<Posted>;

/** A POST of which every end is an answer: also that there was none. */
function answering(post: Post, signal: AbortSignal): LabClient['post'] {
  return async (order, how = {}) => {
    // Known before the answer: a request without one can be repeated, too.
    const key = how.key === undefined ? randomUUID() : how.key;
    const startedAt = performance.now();
    const told = await post(order, { ...how, key }).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof Failure) return undefined;
      throw error;
    });
    const latencyMs = performance.now() - startedAt;
    if (told === undefined) return { ...NO_ANSWER, key, latencyMs };
    const { answer, id: orderId } = told;
    const { status, code, body, headers } = answer;
    return { status, code, body, headers, replayed: isReplayed(answer), key, orderId, latencyMs };
  };
}

type Get = Extract<RecordEvent<'client-response'>, { method: 'GET' }>;
/** What a GET is about, and what its answer says. */
type Fields = Omit<Get, 'event' | 'sagaId' | 'method' | 'path' | keyof End>;

type Says = (answer: Answer) => Fields;

/** A GET, with one line in the record: a read that was never answered says nothing. */
function reading(writer: RecordWriter, signal: AbortSignal) {
  return (baseUrl: string, path: string, about: Fields, says: Says, waitS: number) => {
    const init = waitS === 0 ? {} : { headers: { prefer: `wait=${waitS}` } };
    const withinMs = waitS * 1_000 + WITHIN_MS;
    return recordAnswer(
      () => ask(`${baseUrl}${path}`, withinMs, signal, init),
      (end, answer) => {
        const said = { ...about, ...(answer === undefined ? {} : says(answer)) };
        writer.event('client', { event: 'client-response', method: 'GET', path, ...said, ...end });
      },
    );
  };
}

function saysOfStock({ ok, body }: Answer): Fields {
  if (!ok) return {};
  const { available, held } = body as Partial<StockView>;
  return { available, held };
}

function saysOfAccount({ ok, body }: Answer): Fields {
  return ok ? { balanceCents: (body as Partial<AccountView>).balanceCents } : {};
}

const SERVER_ERROR = 500;

/** A 5xx says nothing about whether it happened; a 4xx says that it did not. */
function refused({ url, status, code, body }: Answer): Failure {
  const detail = (body as { detail?: string } | null)?.detail;
  const why = `${code ?? 'no code'}: ${detail ?? 'and did not say why'}`;
  const what = `${url} answered ${status} ${why}`;
  if (code === NOT_FOUND) return new Failure(NOT_FOUND, what);
  return new Failure(status >= SERVER_ERROR ? 'service-unavailable' : 'invalid-request', what);
}
