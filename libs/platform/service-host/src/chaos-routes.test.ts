import { armChaos, failpoint, listChaos, parseChaos, setChaos } from '@indoubt/chaos';
import { createApp, createLog, type Listening, listen } from '@indoubt/http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { chaosRoutes } from './chaos-routes.ts';

const SECRET = 'a secret of this test';
const RULE = 'payment:acted-not-committed=pause';
const servers: Listening[] = [];
let url: string;
let urlWithLinks: string;

async function start(hasLinks: boolean): Promise<string> {
  const app = createApp({
    name: 'payment',
    log: createLog({ service: 'payment', level: 'silent' }),
    ready: () => Promise.resolve({}),
    routes: chaosRoutes({ process: 'payment', hasLinks }),
    secret: SECRET,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

beforeAll(async () => {
  [url, urlWithLinks] = [await start(false), await start(true)];
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

function arm(rules: string): void {
  armChaos({ process: 'payment', rules: parseChaos(rules), seed: 1, emit: () => undefined });
}
beforeEach(() => arm(''));
afterEach(() => setChaos([]));

async function send(method: string, path: string, body?: object, at = url, secret = SECRET) {
  const response = await fetch(`${at}${path}`, {
    method,
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('rules can be put, are listed with their hits, and can be deleted', async () => {
  const set = await send('PUT', '/chaos', { rules: `${RULE}@2; order->kafka=cut` }, urlWithLinks);
  expect(set).toEqual({
    status: 200,
    // The rule about a link of another process is left out.
    body: { process: 'payment', links: true, rules: [{ rule: `${RULE}@2`, hits: 0, fired: 0 }] },
  });
  expect(failpoint('acted-not-committed')).toBeUndefined();
  const { body } = await send('GET', '/chaos');
  expect(body['rules']).toEqual([{ rule: `${RULE}@2`, hits: 1, fired: 0 }]);
  expect((await send('DELETE', '/chaos')).body['rules']).toEqual([]);
});

test('release resumes the work paused at a crash point and answers how many resumed', async () => {
  await send('PUT', '/chaos', { rules: RULE });
  const paused = failpoint('acted-not-committed');
  const other = { name: 'payment:claimed-not-acted' };
  expect((await send('POST', '/chaos/release', other)).body).toEqual({ released: 0 });
  const here = { name: 'payment:acted-not-committed' };
  expect((await send('POST', '/chaos/release', here)).body).toEqual({ released: 1 });
  await paused;
  expect((await send('POST', '/chaos/release', {})).body).toEqual({ released: 0 });
});

test.each([
  ['GET', '/chaos'],
  ['PUT', '/chaos'],
  ['DELETE', '/chaos'],
  ['POST', '/chaos/release'],
])(
  '%s %s without the secret is refused, and the armed rules do not change',
  async (method, path) => {
    arm(RULE);
    const body = method === 'PUT' ? { rules: 'payment:*=error' } : undefined;
    const answer = await send(method, path, body, url, 'a secret of another lab');
    expect(answer).toMatchObject({ status: 401, body: { code: 'not-allowed' } });
    expect(listChaos()).toEqual([{ rule: RULE, hits: 0, fired: 0 }]);
  },
);

test.each([
  [{ rules: 'payment:nowhere=crash' }, '"nowhere" is not a window of payment'],
  [{ rules: `${RULE}; ${RULE}` }, 'the same fault twice'],
  [{ rules: 'payment->kafka=cut' }, 'Start the process with CHAOS_LINKS=on.'],
  [{ rules: 'variant=no-inbox' }, 'A broken variant can be armed only at the start.'],
  [{ rules: 7 }, 'The body at rules does not fit'],
  [{ rules: '', more: true }, 'The body does not fit'],
  [{}, 'The body at rules does not fit'],
])('the body %j is refused, and the armed rules do not change', async (body, says) => {
  arm(RULE);
  const answer = await send('PUT', '/chaos', body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  expect(answer.body['detail']).toContain(says);
  expect(listChaos()).toEqual([{ rule: RULE, hits: 0, fired: 0 }]);
});

test('releasing an unknown crash point is answered 400 with the nearest name', async () => {
  const answer = await send('POST', '/chaos/release', { name: 'payment:acted-not-comitted' });
  expect(answer.status).toBe(400);
  expect(answer.body['detail']).toContain("Did you mean 'payment:acted-not-committed'?");
});

test('a variant that the process runs may be named again together with new faults', async () => {
  arm('variant=no-inbox');
  const { body } = await send('PUT', '/chaos', { rules: `variant=no-inbox; ${RULE}` });
  expect(body['rules']).toMatchObject([{ rule: 'variant=no-inbox' }, { rule: RULE }]);
});
