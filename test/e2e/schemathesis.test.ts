import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { type Brought, bringSchemathesis } from './bring-schemathesis.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { runSchemathesis } from './run-schemathesis.ts';
import { sharedServers } from './shared-servers.ts';

const SEED = 20_261_121;
const WITHIN_MS = 120_000;
const BRING_WITHIN_MS = 300_000;

/** Enough for everybody; and one pays by card, since without her there is no card processor. */
const WORLD = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: 1_000_000 })),
  customers: [
    ...DEFAULT_WORLD.customers.map((each) => ({ ...each, balanceCents: 100_000_000 })),
    { id: 'dora', name: 'Dora', balanceCents: 0, creditLimitCents: 0, card: 'card-dora' },
  ],
};

const servers = sharedServers();
let brought: Brought;
let open: OpenLab | undefined;
beforeAll(async () => {
  brought = await bringSchemathesis(tell);
  if ('command' in brought) open = await openLab(servers(), { world: WORLD });
}, BRING_WITHIN_MS);
afterAll(() => open?.[Symbol.asyncDispose]());

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Where it cannot be had, a run goes on without it and says so; but CI must have it. */
function commandOr(skip: TestContext['skip']): string {
  if ('command' in brought) return brought.command;
  if (process.env['CI'] === 'true') throw new Error(`no schemathesis: ${brought.missing}`);
  return skip(`schemathesis is not here: ${brought.missing}`);
}

function running(): OpenLab {
  if (open === undefined) throw new Error('the lab runs as soon as schemathesis is here');
  return open;
}

const WITHIN = { timeout: WITHIN_MS };

// How many examples of each operation: what makes a service take some twenty seconds.
test.for([
  ['order', 40],
  ['payment', 25],
  ['inventory', 25],
  ['coordinator', 40],
  ['card-processor', 40],
] as const)('%s: each answer is as its OpenAPI document says', WITHIN, async (asked, { skip }) => {
  const [name, examplesMax] = asked;
  const command = commandOr(skip);
  const { lab, urlOf } = running();
  const headers = { authorization: `Bearer ${lab.endpoints.secret}` };
  const run = { command, url: urlOf(name), headers, seed: SEED, examplesMax };
  const { operations, requests, findings } = await runSchemathesis(run);
  tell(`${name}: ${operations} operations, ${requests} requests, --seed ${SEED}`);
  expect(findings.join('\n')).toBe('');
  expect(requests).toBeGreaterThan(operations);
});

test('and when it is quiet again, every invariant holds', async ({ skip }) => {
  commandOr(skip);
  expect(await running().broken()).toEqual([]);
});

/** A service with a document like ours that keeps nothing of it. */
async function careless(): Promise<{ url: string; close(): void }> {
  const customerId = { type: 'string', pattern: '^[a-z]{1,9}$' };
  const body = { type: 'object', required: ['customerId'], properties: { customerId } };
  const schema = { type: 'object', required: ['id'] };
  const answer = { description: 'taken', content: { 'application/json': { schema } } };
  const post = {
    requestBody: { required: true, content: { 'application/json': { schema: body } } },
    responses: { 202: answer },
  };
  const info = { title: 'careless', version: '1' };
  const document = JSON.stringify({ openapi: '3.1.0', info, paths: { '/orders': { post } } });
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const isDocument = request.url === '/openapi.json';
      response.writeHead(isDocument ? 200 : sent === '{}' ? 500 : 202, {
        'content-type': 'application/json',
      });
      response.end(isDocument ? document : '{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test('caught: a service that takes whatever comes, breaks, and answers what it likes', async ({
  skip,
}) => {
  const command = commandOr(skip);
  const { url, close } = await careless();
  const { findings } = await runSchemathesis({ command, url, seed: SEED, examplesMax: 10 });
  close();
  const says = findings.join('\n');
  expect(says).toMatch(/Server error/);
  expect(says).toMatch(/Schema-violating request accepted/);
  expect(says).toMatch(/Response violates schema/);
  expect(says).toMatch(/curl -X POST .*\/orders/);
});
