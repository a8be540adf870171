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

/** A service that asks `next`, if there is one, and answers with the deadlines on the way. */
async function hop(next?: string, secured = true): Promise<string> {
  const client = next === undefined ? undefined : createHttpClient(next, { secret });
  const declared = { method: 'GET', path: '/', summary: 'asks on', problems: [], secured } as const;
  const only = route({ ...declared, answers: { 200: answer } }, async ({ request, response }) => {
    const own = request.get('request-timeout-ms') ?? 'none';
    const further = await client?.get({ name: 'ask on', path: '/', answer, withinMs: 60_000 });
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

async function ask(origin: string, withinMs: number): Promise<number[]> {
  const client = createHttpClient(origin, { secret });
  onTestFinished(() => client.close());
  const { headers } = await client.get({ name: 'ask', path: '/', answer, withinMs });
  return headers.map(Number);
}

test('it travels from hop to hop, and gets shorter', async () => {
  const [first = 0, second = 0, third = 0] = await ask(await hop(await hop(await hop())), 60_000);
  expect(first).toBeLessThanOrEqual(60_000);
  // Ten for the way home, of each hop.
  expect(second).toBeLessThanOrEqual(first - 10);
  expect(third).toBeLessThanOrEqual(second - 10);
  expect(third).toBeGreaterThan(50_000);
});

test('nothing is left: it is refused at once, and for sure', async () => {
  const origin = await hop();
  const asking = withinDeadline(0, () => ask(origin, 5_000));
  await expect(asking).rejects.toMatchObject({ code: 'not-reached', certainty: 'definite' });
});

test('who has stepped out of it has his own bound again', async () => {
  const origin = await hop();
  const [own] = await withinDeadline(0, () => withoutDeadline(() => ask(origin, 60_000)));
  expect(own).toBeGreaterThan(50_000);
});

test('the smaller of both bounds counts, and a deadline inside another is never later', () => {
  expect(boundOf(100)).toBe(100);
  expect(withinDeadline(60_000, () => boundOf(100))).toBe(100);
  expect(withinDeadline(50, () => boundOf(100))).toBeLessThan(50);
  expect(withinDeadline(50, () => withinDeadline(60_000, () => boundOf(100)))).toBeLessThan(50);
});

test.each(['', 'soon', '-5', '1e3', '12345678901'])('"%s" is no deadline', async (header) => {
  expect(await left(await hop(await hop()), header)).toBeGreaterThan(50_000);
});

/** What is left for the second hop, when a client with the secret says this to the first. */
async function left(origin: string, header: string): Promise<number> {
  const headers = { 'request-timeout-ms': header, authorization: `Bearer ${secret}` };
  const response = await fetch(origin, { headers });
  return Number(answer.parse(await response.json()).headers[1]);
}

test('only for bearers of the secret: nobody else makes our calls fail', async () => {
  expect(await left(await hop(await hop()), '20000')).toBeLessThan(20_000);
  expect(await left(await hop(await hop(), false), '20000')).toBeGreaterThan(50_000);
});
