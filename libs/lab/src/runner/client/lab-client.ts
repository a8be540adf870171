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
import type { ProcessName } from '../lab/process-name.ts';
import type { Lab } from '../lab/start-lab.ts';
import { flood } from './flood.ts';
import { type HttpAnswer, httpRequest } from './http-request.ts';
import { metricIn } from './metric-in.ts';
import { IN_DOUBT, isReplayed, orderFields, postOrder } from './post-order.ts';
import { postUntilAnswered } from './post-until-answered.ts';
import { reachStatus } from './reach-status.ts';
import { type End, recordAnswer } from './record-answer.ts';
import type { PostAnswer, PostOptions, ScenarioClient } from './scenario-client.ts';

/** The client of a lab. It sends HTTP requests to the services and records each answer. */
export interface LabClient extends ScenarioClient {
  /**
   * GET /orders/:id, waiting up to `waitS` seconds for its final state.
   * @throws Failure 'not-found' (definite), 'service-unavailable' (indefinite, also in doubt)
   */
  readFinal(orderId: string, waitS: number): Promise<OrderView>;
  /** Orders that were accepted, as they were sent. */
  acknowledged(): Acknowledged[];
  /** The trace of each order that was accepted or is in doubt. */
  traceIds(): string[];
}

export interface Acknowledged {
  orderId: string;
  customerId: string;
  lines: PlaceOrder['lines'];
}

type ServedLab = Pick<Lab, 'endpoints' | 'writer'>;

const WITHIN_MS = 10_000;
const NOT_FOUND = 'not-found';
const SERVER_ERROR = 500;

export function labClient(lab: ServedLab, signal: AbortSignal): LabClient {
  const orders = ordersOf(lab, signal);
  const reads = readsOf(lab, signal);
  const request = requestOf(lab, signal);
  const { post } = orders;
  return {
    ...orders,
    ...reads,
    request,
    postUntilAnswered: (order, options, patience) =>
      postUntilAnswered({ post }, order, options, signal, patience),
    flood: (load) => flood({ post }, load, signal),
    reaches: (orderId, status) => reachStatus(reads, orderId, status, signal),
    reconciliation: async () =>
      (await request('payment', '/reconciliation', { secret: true })).body,
    async metric(name, metric, labels) {
      return metricIn(String((await request(name, '/metrics')).body), metric, labels);
    },
  };
}

/** @throws Failure 'lab-failed' (definite) when no such process runs in this lab now */
function urlOf({ endpoints }: ServedLab, wanted: ProcessName): string {
  const url = endpoints.services.find(({ name }) => name === wanted)?.url;
  if (url === undefined) throw new Failure('lab-failed', `${wanted} is not running`);
  return url;
}

const NO_ANSWER = {
  status: null,
  code: undefined,
  body: null,
  headers: {},
  replayed: false,
  orderId: undefined,
} as const;

type Orders = Pick<LabClient, 'placeOrder' | 'post' | 'acknowledged' | 'traceIds'>;

function ordersOf(lab: ServedLab, signal: AbortSignal): Orders {
  const orderUrl = urlOf(lab, 'order');
  const accepted = new Map<string, Acknowledged>();
  const traced = new Map<string, string>();
  const send = async (order: PlaceOrder, options: PostOptions) => {
    const posted = await postOrder(orderUrl, lab.writer, signal, order, options);
    const { answer, orderId, traceId } = posted;
    if (orderId === undefined) return posted;
    // A retry may return an existing order, whose trace is that of the first request.
    const isNew = !traced.has(orderId);
    if (isNew && (answer.ok || answer.code === IN_DOUBT)) traced.set(orderId, traceId);
    if (answer.ok) accepted.set(orderId, { orderId, ...order });
    return posted;
  };
  return {
    acknowledged: () => [...accepted.values()],
    traceIds: () => [...traced.values()],
    async placeOrder(order, options = {}) {
      const { answer, orderId } = await send(order, options);
      if (answer.code === IN_DOUBT && orderId !== undefined) return orderId;
      return orderView.parse(bodyOf(answer)).id;
    },
    async post(order, options = {}): Promise<PostAnswer> {
      // The key is chosen before the request, so that a request without an answer can be retried.
      const key = options.key === undefined ? randomUUID() : options.key;
      const startedAt = performance.now();
      const posted = await send(order, { ...options, key }).catch((error: unknown) => {
        signal.throwIfAborted();
        if (error instanceof Failure) return undefined;
        throw error;
      });
      const latencyMs = performance.now() - startedAt;
      if (posted === undefined) return { ...NO_ANSWER, key, latencyMs };
      const { answer, orderId } = posted;
      const { status, code, body, headers } = answer;
      return { status, code, body, headers, replayed: isReplayed(answer), key, orderId, latencyMs };
    },
  };
}

type Reads = Pick<LabClient, 'read' | 'readFinal' | 'stock' | 'account'>;

function readsOf(lab: ServedLab, signal: AbortSignal): Reads {
  const get = recordedGet(lab.writer, signal);
  const orderUrl = urlOf(lab, 'order');
  const stockUrl = urlOf(lab, 'inventory');
  const accountUrl = urlOf(lab, 'payment');
  const getOrder = (orderId: string, waitS: number) =>
    get(orderUrl, `/orders/${orderId}`, { orderId }, orderFields, waitS);
  return {
    async read(orderId) {
      const answer = await getOrder(orderId, 0);
      if (answer.code === NOT_FOUND) return undefined;
      if (answer.code === IN_DOUBT) return IN_DOUBT;
      return orderView.parse(bodyOf(answer));
    },
    async readFinal(orderId, waitS) {
      return orderView.parse(bodyOf(await getOrder(orderId, waitS)));
    },
    async stock(sku) {
      return bodyOf(await get(stockUrl, `/stock/${sku}`, { sku }, stockFields)) as StockView;
    },
    async account(customerId) {
      const path = `/accounts/${customerId}`;
      return bodyOf(await get(accountUrl, path, { customerId }, accountFields)) as AccountView;
    },
  };
}

type Get = Extract<RecordEvent<'client-response'>, { method: 'GET' }>;
/** The subject of a GET and the recorded fields of its answer. */
type Fields = Omit<Get, 'event' | 'sagaId' | 'method' | 'path' | keyof End>;

type FieldsOf = (answer: HttpAnswer) => Fields;

/** A GET with a single line in the record. It needs no line before, because it changes nothing. */
function recordedGet(writer: RecordWriter, signal: AbortSignal) {
  return (baseUrl: string, path: string, about: Fields, fieldsOf: FieldsOf, waitS = 0) => {
    const init = waitS === 0 ? {} : { headers: { prefer: `wait=${waitS}` } };
    const withinMs = waitS * 1_000 + WITHIN_MS;
    return recordAnswer(
      () => httpRequest(`${baseUrl}${path}`, withinMs, signal, init),
      (end, answer) => {
        const fields = { ...about, ...(answer === undefined ? {} : fieldsOf(answer)) };
        writer.event('client', {
          event: 'client-response',
          method: 'GET',
          path,
          ...fields,
          ...end,
        });
      },
    );
  };
}

function stockFields({ ok, body }: HttpAnswer): Fields {
  if (!ok) return {};
  const { available, held } = body as Partial<StockView>;
  return { available, held };
}

function accountFields({ ok, body }: HttpAnswer): Fields {
  return ok ? { balanceCents: (body as Partial<AccountView>).balanceCents } : {};
}

/** @throws Failure: indefinite after a 5xx, definite after a 4xx */
function bodyOf({ ok, url, status, code, body }: HttpAnswer): unknown {
  if (ok) return body;
  const detail = (body as { detail?: string } | null)?.detail;
  const why = `${code ?? 'no code'}: ${detail ?? 'without a reason'}`;
  const what = `${url} answered ${status} ${why}`;
  if (code === NOT_FOUND) throw new Failure(NOT_FOUND, what);
  throw new Failure(status >= SERVER_ERROR ? 'service-unavailable' : 'invalid-request', what);
}

function requestOf(lab: ServedLab, signal: AbortSignal): ScenarioClient['request'] {
  return (name, path, { method = 'GET', withinMs = WITHIN_MS, secret, headers, body } = {}) =>
    httpRequest(`${urlOf(lab, name)}${path}`, withinMs, signal, {
      method,
      headers: {
        ...(secret === true && { authorization: `Bearer ${lab.endpoints.secret}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
}
