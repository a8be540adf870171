import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../process/log.ts';
import { createApp } from '../server/http-server.ts';
import { listen } from '../server/listen.ts';
import { route } from '../server/route.ts';
import { boundOf, withinDeadline, withoutDeadline } from './deadline.ts';
import { createHttpClient } from './http-client.ts';

const answer = z.object({ headers: z.array(z.string()) });

const secret = 'a secret of this test';

/** A service that calls `next`, if given, and answers with the deadline headers of all hops. */
async function hop(next?: string, secured = true): Promise<string> {
  const client = next === undefined ? undefined : createHttpClient(next, { secret });
  const declared = {
    method: 'GET',
    path: '/',
    summary: 'calls the next hop',
    problems: [],
    secured,
  } as const;
  const only = route({ ...declared, answers: { 200: answer } }, async ({ request, response }) => {
    const own = request.get('request-timeout-ms') ?? 'none';
    const further = await client?.get({ name: 'next hop', path: '/', answer, withinMs: 60_000 });
    response.json({ headers: [own, ...(further?.headers ?? [])] });
  });
  const log = createLog({ service: 'hop', level: 'silent' });
  const app = createApp({ name: 'hop', log, routes: [only], ready: async () => ({}), secret });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await client?.close();
    await server.close();
  });
  return `http://127.0.0.1:${server.port}`;
}

async function request(origin: string, withinMs: number): Promise<number[]> {
  const client = createHttpClient(origin, { secret });
  onTestFinished(() => client.close());
  const { headers } = await client.get({ name: 'first hop', path: '/', answer, withinMs });
  return headers.map(Number);
}

test('the deadline is passed from hop to hop and gets shorter', async () => {
  const [first = 0, second = 0, third = 0] = await request(
    await hop(await hop(await hop())),
    60_000,
  );
  expect(first).toBeLessThanOrEqual(60_000);
  // Each hop reserves ten milliseconds for its own answer.
  expect(second).toBeLessThanOrEqual(first - 10);
  expect(third).toBeLessThanOrEqual(second - 10);
  expect(third).toBeGreaterThan(50_000);
});

test('with no time left a request is refused at once as definite', async () => {
  const origin = await hop();
  const requesting = withinDeadline(0, () => request(origin, 5_000));
  await expect(requesting).rejects.toMatchObject({ code: 'not-reached', certainty: 'definite' });
});

test("work started with withoutDeadline is not cut short by the caller's deadline", async () => {
  const origin = await hop();
  const [own] = await withinDeadline(0, () => withoutDeadline(() => request(origin, 60_000)));
  expect(own).toBeGreaterThan(50_000);
});

test('the smaller of both bounds counts, and a deadline inside another is never later', () => {
  expect(boundOf(100)).toBe(100);
  expect(withinDeadline(60_000, () => boundOf(100))).toBe(100);
  expect(withinDeadline(50, () => boundOf(100))).toBeLessThan(50);
  expect(withinDeadline(50, () => withinDeadline(60_000, () => boundOf(100)))).toBeLessThan(50);
});

test.each(['', 'soon', '-5', '1e3', '12345678901'])(
  'the header "%s" is ignored, since it is not a number of milliseconds',
  async (header) => {
    expect(await left(await hop(await hop()), header)).toBeGreaterThan(50_000);
  },
);

/** The deadline of the second hop when a client with the secret sends this header to the first. */
async function left(origin: string, header: string): Promise<number> {
  const headers = { 'request-timeout-ms': header, authorization: `Bearer ${secret}` };
  const response = await fetch(origin, { headers });
  return Number(answer.parse(await response.json()).headers[1]);
}

test('the deadline header has no effect on routes that are not secured', async () => {
  expect(await left(await hop(await hop()), '20000')).toBeLessThan(20_000);
  expect(await left(await hop(await hop(), false), '20000')).toBeGreaterThan(50_000);
});
