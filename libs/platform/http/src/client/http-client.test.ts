import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '@indoubt/failure';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { renderMetrics } from '../process/metrics.ts';
import { createHttpClient } from './http-client.ts';
import type { ResilienceOverride } from './resilience.ts';

const answer = z.object({ said: z.string() });

let clients = 0;

/** A client of a server with this listener. The metrics of each client have another `target`. */
async function clientOf(listener: RequestListener, resilience: ResilienceOverride = {}) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  clients += 1;
  const target = `payment-${clients}`;
  const client = createHttpClient(`http://127.0.0.1:${port}`, {
    target,
    secret: 'the-secret-of-this-lab',
    resilience,
  });
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, server, target };
}

const request = { name: 'charge', path: '/charges', body: { what: 1 }, answer, withinMs: 5_000 };

test('a request sends JSON with the secret, and its answer is parsed by the schema', async () => {
  const { client } = await clientOf((incoming, response) => {
    const { authorization } = incoming.headers;
    response.end(JSON.stringify({ said: `${incoming.method} ${authorization}`, more: 1 }));
  });
  const said = await client.post(request);
  expect(said).toEqual({ said: 'POST Bearer the-secret-of-this-lab' });
});

test('a refused connection is definite, since nothing was sent', async () => {
  const { client, server } = await clientOf((_incoming, response) => response.end());
  server.close();
  await expect(client.post(request)).rejects.toMatchObject({
    code: 'not-reached',
    certainty: 'definite',
  });
});

test('a request without an answer in time fails as timed-out and indefinite', async () => {
  const { client } = await clientOf(() => undefined);
  const hasty = { ...request, withinMs: 30 };
  await expect(client.post(hasty)).rejects.toMatchObject({
    code: 'timed-out',
    certainty: 'indefinite',
  });
});

test('a connection that breaks before the answer is indefinite', async () => {
  const { client } = await clientOf((incoming) => incoming.socket.destroy());
  await expect(client.post(request)).rejects.toMatchObject({
    code: 'service-unavailable',
    certainty: 'indefinite',
  });
});

test.each([
  ['superseded', 503, 'superseded'],
  ['not-allowed', 401, 'not-allowed'],
  ['something-new', 409, 'service-unavailable'],
])(
  'a problem document with code %s and status %i becomes a Failure with code %s',
  async (code, status, failure) => {
    const { client } = await clientOf((_incoming, response) => {
      response.writeHead(status).end(JSON.stringify({ code, detail: 'because' }));
    });
    await expect(client.get(request)).rejects.toMatchObject({ code: failure });
  },
);

test('the message of a refusal has no host and port, since clients may see it', async () => {
  const { client } = await clientOf((_incoming, response) => {
    const problem = { code: 'payment-declined', detail: 'no money' };
    response.writeHead(409).end(JSON.stringify(problem));
  });
  const message = 'charge: POST /charges: no money';
  await expect(client.post(request)).rejects.toMatchObject({ message });
});

test('an answer that is not JSON is indefinite', async () => {
  const { client } = await clientOf((_incoming, response) => response.end('<html>'));
  await expect(client.get(request)).rejects.toMatchObject({ certainty: 'indefinite' });
});

test('the headers of a request are sent', async () => {
  const { client } = await clientOf((incoming, response) => {
    response.end(JSON.stringify({ said: String(incoming.headers['idempotency-key']) }));
  });
  const headers = { 'idempotency-key': 'saga-1:capture-payment' };
  expect(await client.post({ ...request, headers })).toEqual({ said: 'saga-1:capture-payment' });
});

/** A server that fails the first `times` requests and answers the others. */
function failing(times: number, fail: RequestListener): RequestListener {
  let attempts = 0;
  return (incoming, response) => {
    attempts += 1;
    if (attempts <= times) fail(incoming, response);
    else response.end(JSON.stringify({ said: `attempt ${attempts}` }));
  };
}

const breaks: RequestListener = (incoming) => incoming.socket.destroy();
const overloaded: RequestListener = (_incoming, response) => {
  const problem = { code: 'overloaded', detail: 'not now' };
  response.writeHead(503, { 'retry-after': '1' }).end(JSON.stringify(problem));
};

test('a repeatable request is retried after a broken connection', async () => {
  const { client } = await clientOf(failing(2, breaks));
  expect(await client.post({ ...request, repeatable: true })).toEqual({ said: 'attempt 3' });
});

test('a request that is not repeatable is not retried after an indefinite failure', async () => {
  const { client } = await clientOf(failing(1, breaks));
  await expect(client.post(request)).rejects.toMatchObject({ code: 'service-unavailable' });
});

test('a retry waits for the Retry-After of a 503, unless it is after the deadline', async () => {
  const { client } = await clientOf(failing(1, overloaded));
  const before = performance.now();
  expect(await client.post(request)).toEqual({ said: 'attempt 2' });
  expect(performance.now() - before).toBeGreaterThan(990);
  const { client: hasty } = await clientOf(failing(1, overloaded));
  await expect(hasty.post({ ...request, withinMs: 500 })).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterMs: 1_000,
  });
});

test('a broken connection stays indefinite when the retry is refused', async () => {
  const { client, server } = await clientOf((incoming) => {
    server.close(); // no second connection
    incoming.socket.destroy();
  });
  const requesting = client.post({ ...request, repeatable: true });
  await expect(requesting).rejects.toMatchObject({ certainty: 'indefinite' });
});

test('a request times out at its deadline although the answer comes later', async () => {
  const pending = Promise.withResolvers<() => void>();
  const { client } = await clientOf((_incoming, response) => {
    pending.resolve(() => response.end(JSON.stringify({ said: 'too late' })));
  });
  const requesting = client.post({ ...request, withinMs: 30, repeatable: true });
  await expect(requesting).rejects.toMatchObject({ code: 'timed-out' });
  (await pending.promise)();
});

const NEVER_OPENS = { requestsMin: 1_000_000 };
const STORM = 1_000;
const STORM_WITHIN_MS = 60_000;

/** The number of retries when so many calls are made to a dead target at once. */
async function retriesOfStorm(calls: number, resilience: ResilienceOverride): Promise<number> {
  const options = { inFlightMax: calls, ...resilience };
  const { client, server, target } = await clientOf(() => undefined, options);
  server.close();
  const patient = { ...request, withinMs: 60_000 };
  const made = await Promise.allSettled(Array.from({ length: calls }, () => client.post(patient)));
  expect(made.every(({ status }) => status === 'rejected')).toBe(true);
  return metric('http_client_retries_total', target);
}

async function metric(name: string, target: string): Promise<number> {
  const { text } = await renderMetrics();
  return Number(text.match(new RegExp(`^${name}{target="${target}".*} (.*)$`, 'm'))?.[1]);
}

test(
  '1,000 calls to a dead target make at most one retry per ten calls, and ten more',
  async () => {
    const retries = { pauseMs: 1 };
    const made = await retriesOfStorm(STORM, { breaker: NEVER_OPENS, retries });
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThanOrEqual(STORM * 0.1 + 10);
  },
  STORM_WITHIN_MS,
);

test(
  'without a retry budget each call to a dead target makes three attempts',
  async () => {
    const retries = { pauseMs: 1, budgetMax: 1_000_000 };
    expect(await retriesOfStorm(100, { breaker: NEVER_OPENS, retries })).toBe(200);
  },
  STORM_WITHIN_MS,
);

test('calls to a dead target are not sent once the breaker is open', async () => {
  const options = { retries: { attemptsMax: 1 } };
  const { client, server, target } = await clientOf(() => undefined, options);
  server.close();
  const codes: string[] = [];
  for (let n = 1; n <= 25; n += 1) {
    const failure = await client.post(request).catch((error: unknown) => error);
    codes.push(failure instanceof Failure ? failure.code : String(failure));
  }
  expect(codes).toEqual([...Array(20).fill('not-reached'), ...Array(5).fill('breaker-open')]);
  expect(await metric('http_client_breaker_state', target)).toBe(2);
});

test('calls to a target that hangs fail at once when the bulkhead is full', async () => {
  const { client } = await clientOf(() => undefined, { inFlightMax: 3 });
  const hasty = { ...request, withinMs: 50 };
  const made = await Promise.allSettled(Array.from({ length: 5 }, () => client.post(hasty)));
  const codes = made.map((each) => each.status === 'rejected' && each.reason.code);
  expect(codes.filter((code) => code === 'timed-out')).toHaveLength(3);
  expect(codes.filter((code) => code === 'bulkhead-full')).toHaveLength(2);
});

test('/metrics has breaker, outcomes, retries, budget and requests in flight', async () => {
  const { client, target } = await clientOf(failing(1, breaks));
  await client.post({ ...request, repeatable: true });
  const lines = (await renderMetrics()).text.replaceAll(/address="[^"]*"/g, 'address').split('\n');
  const own = lines.filter((line) => line.includes(`target="${target}"`));
  expect(own.map((line) => line.replace(target, 'payment'))).toEqual([
    'http_client_breaker_state{target="payment",address} 0',
    'http_client_requests_total{target="payment",address,outcome="ok"} 1',
    'http_client_retries_total{target="payment",address} 1',
    'http_client_retry_budget{target="payment",address} 9',
    'http_client_in_flight{target="payment",address} 0',
  ]);
});
