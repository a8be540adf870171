import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { inSpan, traceparent } from '@indoubt/record';
import { type Attributes, SpanKind, trace } from '@opentelemetry/api';
import { type Dispatcher, Pool } from 'undici';
import type { z } from 'zod';
import { type Breaker, createBreaker } from './breaker.ts';
import { type Bulkhead, createBulkhead } from './bulkhead.ts';
import { type ClientMetrics, createClientMetrics } from './client-metrics.ts';
import { boundOf, DEADLINE_HEADER } from './deadline.ts';
import { type Answered, OutOfTime, refused, unanswered } from './failure-of-answer.ts';
import { type Resilience, type ResilienceOverride, resilienceOf } from './resilience.ts';
import { retrying } from './retry.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

// Not in index.ts: loading undici costs a process 70 ms, and the relays send no requests.

/** A client of another service: JSON over HTTP. */
export interface HttpClient {
  /**
   * Sends a request. The request is retried when its attempt was definitely not begun, or when it
   * is `repeatable`; never after a refusal.
   * @returns the answer (a status below 400), parsed by its schema
   * @throws Failure, definite: 'not-reached' (no connection, or no time left to send it),
   *   'breaker-open', 'bulkhead-full'; indefinite: 'timed-out', 'service-unavailable'. For an
   *   answer of 400 or more the code of its problem document, such as 'payment-declined', with its
   *   `retryAfterMs`; an unknown code becomes 'service-unavailable'
   */
  post<Answer>(request: JsonRequest<Answer>): Promise<Answer>;
  get<Answer>(request: Omit<JsonRequest<Answer>, 'body'>): Promise<Answer>;
  close(): Promise<void>;
}

export interface JsonRequest<Answer> {
  /** The name of the span. */
  name: string;
  path: string;
  body: unknown;
  answer: z.ZodType<Answer>;
  /** Bound of connecting, sending, reading and retries together. Milliseconds. */
  withinMs: number;
  /** More headers, in lower case, such as `idempotency-key`. */
  headers?: Record<string, string>;
  /** Whether the request may be sent twice: it has a key, or no effect. A GET may always. */
  repeatable?: boolean;
}

export interface HttpClientOptions {
  /** The name of the target in metrics, spans and the record. Host and port unless given. */
  target?: string;
  /** Sent as the bearer token. */
  secret?: string;
  resilience?: ResilienceOverride;
}

const CONNECTIONS_MAX = 64;
const REFUSED = 400;
/** A time-out of a request with less than this part of its bound says little about the target. */
const HURRIED = 0.5;

/** The parts of a client; each client has its own. */
interface Target {
  /** Without user and password, since spans show the origin. */
  origin: string;
  secret: string | undefined;
  /** Attributes of every span. */
  attributes: Attributes;
  pool: Pool;
  settings: Resilience;
  breaker: Breaker<Answered>;
  bulkhead: Bulkhead;
  budget: RetryBudget;
  metrics: ClientMetrics;
}

/**
 * A client with its own breaker, bulkhead and retry budget. Create one client for each target.
 * @param origin such as http://127.0.0.1:4001
 */
export function createHttpClient(origin: string, options: HttpClientOptions = {}): HttpClient {
  const target = openTarget(origin, options);
  return {
    post: (request) => send(target, 'POST', request),
    get: (request) => send(target, 'GET', request),
    async close() {
      target.metrics.close();
      target.breaker.close();
      await target.pool.destroy();
    },
  };
}

function openTarget(origin: string, options: HttpClientOptions): Target {
  const { hostname, port, host, protocol } = new URL(origin);
  const { target = host, secret } = options;
  const settings = resilienceOf(options.resilience);
  const breaker = createBreaker<Answered>(target, settings.breaker);
  const bulkhead = createBulkhead(target, settings.inFlightMax);
  const budget = createRetryBudget(settings.retries.budgetShare, settings.retries.budgetMax);
  return {
    origin: `${protocol}//${host}`,
    secret,
    attributes: {
      'server.address': hostname,
      'server.port': Number(port),
      'breaker.name': target,
    },
    pool: new Pool(origin, { connections: CONNECTIONS_MAX, connect: { timeout: 2_000 } }),
    settings,
    breaker,
    bulkhead,
    budget,
    metrics: createClientMetrics({ target, address: host, breaker, bulkhead, budget }),
  };
}

type OutgoingRequest<Answer> = Omit<JsonRequest<Answer>, 'body'> & { body?: unknown };

function send<Answer>(
  target: Target,
  method: 'GET' | 'POST',
  request: OutgoingRequest<Answer>,
): Promise<Answer> {
  const { name, path, withinMs, repeatable: isRepeatable = method === 'GET' } = request;
  const { settings, budget, metrics } = target;
  const url = `${target.origin}${path}`;
  const boundMs = boundOf(withinMs);
  const ends = performance.now() + boundMs;
  const leftMs = () => Math.ceil(ends - performance.now());
  const body = 'body' in request ? JSON.stringify(request.body) : null;
  // Without host and port, since clients may see the text. The span has them.
  const what = `${name}: ${method} ${path}`;
  const sent = { what, method, path, body, own: request.headers };
  const isHurried = boundMs < withinMs * HURRIED;
  const attributes = { 'http.request.method': method, 'url.full': url, ...target.attributes };
  return inSpan(name, { kind: SpanKind.CLIENT, attributes }, () =>
    metrics.counted(async () => {
      const parts = { settings: settings.retries, budget, isRepeatable, leftMs };
      const answered = await retrying({ ...parts, random: Math.random, wait }, async (number) => {
        if (number > 1) metrics.retried(number - 1);
        return target.bulkhead.run(() => attempt(target, sent, { ms: leftMs(), isHurried }));
      });
      return read(name, answered.body, request.answer);
    }),
  );
}

interface Sent {
  /** The description of the request in error messages. */
  what: string;
  method: 'GET' | 'POST';
  path: string;
  body: string | null;
  own: Record<string, string> | undefined;
}

interface TimeLeft {
  ms: number;
  isHurried: boolean;
}

async function attempt(target: Target, sent: Sent, timeLeft: TimeLeft): Promise<Answered> {
  const { what, method, path, body, own } = sent;
  if (timeLeft.ms <= 0) {
    throw new Failure('not-reached', `${what}: not sent, since no time is left`);
  }
  const headers = headersOf(target.secret, own, timeLeft.ms);
  const request = { method, path, body, headers };
  return target.breaker.run(() => exchange(target.pool, what, request, timeLeft));
}

function read<Answer>(name: string, body: unknown, schema: z.ZodType<Answer>): Answer {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure('service-unavailable', `${name}: the answer does not fit its schema`);
}

/** Not AbortSignal.timeout: it would fire, and build its error, long after the answer. */
async function exchange(
  pool: Pool,
  what: string,
  request: Dispatcher.RequestOptions,
  { ms, isHurried }: TimeLeft,
): Promise<Answered> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new OutOfTime(isHurried)), ms);
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await pool.request({
      ...request,
      signal: timeout.signal,
    });
    trace.getActiveSpan()?.setAttribute('http.response.status_code', status);
    const answered = {
      status,
      body: parsed(await body.text()),
      retryAfter: headers['retry-after'],
    };
    if (status < REFUSED) return answered;
    throw refused(what, answered);
  } catch (error) {
    throw error instanceof Failure ? error : unanswered(what, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Null for text that is not JSON: no schema of an answer accepts null. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function headersOf(
  secret: string | undefined,
  own: Record<string, string> | undefined,
  leftMs: number,
): Record<string, string> {
  const trace = traceparent();
  return {
    ...own,
    'content-type': 'application/json',
    [DEADLINE_HEADER]: String(leftMs),
    ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
    ...(trace !== null && { traceparent: trace }),
  };
}
