import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { boundOf, withDeadline, withinDeadline, withoutDeadline } from './deadline.ts';
import { createHttpClient } from './http-client.ts';

const answer = z.object({ headers: z.array(z.string()) });

/** A service that asks `next`, if there is one, and answers with the deadlines on the way. */
async function hop(next?: string): Promise<string> {
  const client = next === undefined ? undefined : createHttpClient(next);
  const app = express().use(withDeadline);
  app.get('/', async (request, response) => {
    const own = request.get('request-timeout-ms') ?? 'none';
    const further = await client?.get({ name: 'ask on', path: '/', answer, withinMs: 60_000 });
    response.json({ headers: [own, ...(further?.headers ?? [])] });
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await client?.close();
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(origin: string, withinMs: number): Promise<number[]> {
  const client = createHttpClient(origin);
  onTestFinished(() => client.close());
  const { headers } = await client.get({ name: 'ask', path: '/', answer, withinMs });
  return headers.map(Number);
}

test('it travels from hop to hop, and gets shorter', async () => {
  const [first, second, third] = await ask(await hop(await hop(await hop())), 5_000);
  expect(first).toBe(5_000);
  expect(second).toBeLessThan(5_000);
  expect(third).toBeLessThan(Number(second));
});

test('nothing is left: it is refused at once, and for sure', async () => {
  const origin = await hop();
  const asking = withinDeadline(0, () => ask(origin, 5_000));
  await expect(asking).rejects.toMatchObject({ code: 'not-reached', certainty: 'definite' });
});

test('who has stepped out of it has his own bound again', async () => {
  const origin = await hop();
  expect(await withinDeadline(0, () => withoutDeadline(() => ask(origin, 5_000)))).toEqual([5_000]);
});

test('the smaller of both bounds counts, and a deadline inside another is never later', () => {
  expect(boundOf(100)).toBe(100);
  expect(withinDeadline(60_000, () => boundOf(100))).toBe(100);
  expect(withinDeadline(50, () => boundOf(100))).toBeLessThan(50);
  expect(withinDeadline(50, () => withinDeadline(60_000, () => boundOf(100)))).toBeLessThan(50);
});

test.each(['', 'soon', '-5', '1e3', '12345678901'])('"%s" is no deadline', async (header) => {
  const origin = await hop(await hop());
  const response = await fetch(origin, { headers: { 'request-timeout-ms': header } });
  const { headers } = answer.parse(await response.json());
  expect(headers[1]).toBe('60000');
});
