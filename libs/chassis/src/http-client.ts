import { Failure, type FailureCode } from '@indoubt/failure';
import { inSpan, traceparent } from '@indoubt/record';
import { SpanKind, trace } from '@opentelemetry/api';
import { type Dispatcher, Pool } from 'undici';
import type { z } from 'zod';

// Not in index.ts: reading undici takes a process 70 ms, and the relays ask nobody.

/** Another service, asked in JSON over HTTP. */
export interface HttpClient {
  /**
   * One request, never repeated here: whether that would be right is the caller's to know.
   * @param name of the span: what is asked of whom
   * @throws Failure 'not-reached' (definite: it never left), 'timed-out' or 'service-unavailable'
   *   (indefinite); for an answer of 400 or more, the code of its problem document
   */
  post<Answer>(request: JsonRequest<Answer>): Promise<Answer>;
  get<Answer>(request: Omit<JsonRequest<Answer>, 'body'>): Promise<Answer>;
  close(): Promise<void>;
}

export interface JsonRequest<Answer> {
  name: string;
  path: string;
  body: unknown;
  answer: z.ZodType<Answer>;
  withinMs: number;
}

const CONNECTIONS_MAX = 64;
const REFUSED = 400;

/**
 * @param origin such as http://127.0.0.1:4001
 * @param secret sent as a bearer token
 */
export function createHttpClient(origin: string, secret: string): HttpClient {
  const pool = new Pool(origin, { connections: CONNECTIONS_MAX, connect: { timeout: 2_000 } });
  const { hostname, port } = new URL(origin);
  const server = { 'server.address': hostname, 'server.port': Number(port) };
  const ask = <Answer>(method: 'GET' | 'POST', request: Omit<JsonRequest<Answer>, 'body'>) => {
    const { name, path, answer, withinMs } = request;
    const body = 'body' in request ? JSON.stringify(request.body) : null;
    const url = `${origin}${path}`;
    const attributes = { 'http.request.method': method, 'url.full': url, ...server };
    return inSpan(name, { kind: SpanKind.CLIENT, attributes }, async () => {
      const sent = { method, path, body, headers: headersOf(secret) };
      const answered = await exchange(pool, sent, withinMs).catch((error: unknown) => {
        throw unanswered(`${name}: ${method} ${url}`, error);
      });
      trace.getActiveSpan()?.setAttribute('http.response.status_code', answered.status);
      if (answered.status >= REFUSED) throw refused(name, answered.body);
      const parsed = answer.safeParse(answered.body);
      if (parsed.success) return parsed.data;
      throw new Failure('service-unavailable', `${name}: an answer that cannot be read`);
    });
  };
  return {
    post: (request) => ask('POST', request),
    get: (request) => ask('GET', request),
    close: () => pool.destroy(),
  };
}

/** AbortSignal.timeout would fire, and build its error, long after a request was answered. */
async function exchange(
  pool: Pool,
  request: Pick<Dispatcher.RequestOptions, 'method' | 'path' | 'body' | 'headers'>,
  withinMs: number,
): Promise<{ status: number; body: unknown }> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new TimedOut()), withinMs);
  try {
    const { statusCode, body } = await pool.request({ ...request, signal: patience.signal });
    return { status: statusCode, body: await body.json() };
  } finally {
    clearTimeout(timer);
  }
}

class TimedOut extends Error {}

function headersOf(secret: string): Record<string, string> {
  const trace = traceparent();
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${secret}`,
    ...(trace !== null && { traceparent: trace }),
  };
}

const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

function unanswered(what: string, error: unknown): Failure {
  const { code } = error as { code?: string };
  if (NEVER_LEFT.test(code ?? '')) {
    return new Failure('not-reached', `${what}: no connection (${code})`, { cause: error });
  }
  if (error instanceof TimedOut) {
    return new Failure('timed-out', `${what}: no answer in time`, { cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new Failure('service-unavailable', `${what}: no answer (${why})`, { cause: error });
}

/** What we do not know is not taken for a refusal: it may have happened. */
function refused(what: string, body: unknown): Failure {
  const { code, detail } = (body ?? {}) as { code?: string; detail?: string };
  const known = KNOWN.find((each) => each === code) ?? 'service-unavailable';
  return new Failure(known, `${what}: ${detail ?? 'refused without a reason'}`);
}

const KNOWN: FailureCode[] = [
  'invalid-request',
  'not-found',
  'not-allowed',
  'superseded',
  'stood-down',
  'database-unavailable',
];
