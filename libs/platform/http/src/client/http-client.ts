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

// Not in index.ts: reading undici takes a process 70 ms, and the relays ask nobody.

/** Another service, asked in JSON over HTTP. */
export interface HttpClient {
  /**
   * One request. It is repeated when it surely did not begin, or when it is `repeatable`; never
   * after a refusal.
   * @returns the answer (a status below 400), as its schema has it
   * @throws Failure, definite: 'not-reached' (no connection, or no time left to send it),
   *   'breaker-open', 'bulkhead-full'; indefinite: 'timed-out', 'service-unavailable'. For an
   *   answer of 400 or more the code of its problem document, such as 'payment-declined', with its
   *   `retryAfterMs`; a code that is not known here is 'service-unavailable'
   */
  post<Answer>(request: JsonRequest<Answer>): Promise<Answer>;
  get<Answer>(request: Omit<JsonRequest<Answer>, 'body'>): Promise<Answer>;
  close(): Promise<void>;
}

export interface JsonRequest<Answer> {
  /** Of the span: what is asked of whom. */
  name: string;
  path: string;
  body: unknown;
  answer: z.ZodType<Answer>;
  /** Bound of all of it: connecting, asking, reading, and asking again. Milliseconds. */
  withinMs: number;
  /** More headers, in lower case, as `idempotency-key`. */
  headers?: Record<string, string>;
  /** Twice is as good as once: it has a key, or no effect. A GET always is. */
  repeatable?: boolean;
}

export interface HttpClientOptions {
  /** Who it is, for people: in metrics, spans and the record. Host and port unless given. */
  target?: string;
  /** Sent as a bearer token. */
  secret?: string;
  resilience?: ResilienceOverride;
}

const CONNECTIONS_MAX = 64;
const REFUSED = 400;
/** With less than this part of its own bound, running out of time says little of the target. */
const HURRIED = 0.5;

/** What a client has of its own: one of each for each target. */
interface Target {
  /** Without user and password: spans show it. */
  origin: string;
  secret: string | undefined;
  /** On every span. */
  attributes: Attributes;
  pool: Pool;
  settings: Resilience;
  breaker: Breaker<Answered>;
  bulkhead: Bulkhead;
  budget: RetryBudget;
  metrics: ClientMetrics;
}

/**
 * A client with a breaker, a bulkhead and a retry budget of its own: one for each target.
 * @param origin such as http://127.0.0.1:4001
 */
export function createHttpClient(origin: string, options: HttpClientOptions = {}): HttpClient {
  const target = openTarget(origin, options);
  return {
    post: (request) => ask(target, 'POST', request),
    get: (request) => ask(target, 'GET', request),
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

type Question<Answer> = Omit<JsonRequest<Answer>, 'body'> & { body?: unknown };

function ask<Answer>(
  target: Target,
  method: 'GET' | 'POST',
  request: Question<Answer>,
): Promise<Answer> {
  const { name, path, withinMs, repeatable: isRepeatable = method === 'GET' } = request;
  const { settings, budget, metrics } = target;
  const url = `${target.origin}${path}`;
  const boundMs = boundOf(withinMs);
  const ends = performance.now() + boundMs;
  const leftMs = () => Math.ceil(ends - performance.now());
  const body = 'body' in request ? JSON.stringify(request.body) : null;
  // No address: a refusal is passed on to clients. The span has it.
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
  /** For people, in errors. */
  what: string;
  method: 'GET' | 'POST';
  path: string;
  body: string | null;
  own: Record<string, string> | undefined;
}

interface Patience {
  ms: number;
  isHurried: boolean;
}

async function attempt(target: Target, sent: Sent, patience: Patience): Promise<Answered> {
  const { what, method, path, body, own } = sent;
  if (patience.ms <= 0) {
    throw new Failure('not-reached', `${what}: no time is left, so it was not sent`);
  }
  const headers = headersOf(target.secret, own, patience.ms);
  const request = { method, path, body, headers };
  return target.breaker.run(() => exchange(target.pool, what, request, patience));
}

function read<Answer>(name: string, body: unknown, schema: z.ZodType<Answer>): Answer {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure('service-unavailable', `${name}: an answer that cannot be read`);
}

/** AbortSignal.timeout would fire, and build its error, long after a request was answered. */
async function exchange(
  pool: Pool,
  what: string,
  request: Dispatcher.RequestOptions,
  { ms, isHurried }: Patience,
): Promise<Answered> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new OutOfTime(isHurried)), ms);
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await pool.request({
      ...request,
      signal: patience.signal,
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

/** Null for what is no JSON: no schema of an answer takes that. */
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
