import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { type Brought, bringSchemathesis } from './bring-schemathesis.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { runSchemathesis } from './run-schemathesis.ts';
import { sharedServers } from './shared-servers.ts';

const SEED = 20_261_121;
/** Of each operation in each phase: what makes a service take some twenty seconds. */
const EXAMPLES = 8;
const WITHIN_MS = 300_000;
type ServiceName = Parameters<OpenLab['urlOf']>[0];

/** Enough for everybody; and one pays by card, since without her there is no card processor. */
const WORLD = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: 1_000_000 })),
  customers: [
    ...DEFAULT_WORLD.customers.map((each) => ({ ...each, balanceCents: 100_000_000 })),
    { id: 'dora', name: 'Dora', balanceCents: 0, creditLimitCents: 0, card: 'card-dora' },
  ],
};

let brought: Brought;
beforeAll(async () => {
  brought = await bringSchemathesis(tell);
}, WITHIN_MS);

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Where it cannot be had, a run goes on without it and says so; but CI must have it. */
function commandOr(skip: TestContext['skip']): string {
  if ('command' in brought) return brought.command;
  if (process.env['CI'] === 'true') throw new Error(`no schemathesis: ${brought.missing}`);
  return skip(`schemathesis is not here: ${brought.missing}`);
}

describe('a lab', { timeout: WITHIN_MS }, () => {
  const servers = sharedServers();
  let open: OpenLab;
  beforeAll(async () => {
    open = await openLab(servers(), { world: WORLD });
  });
  afterAll(() => open[Symbol.asyncDispose]());

  /** Every answer of this service, judged by its own document. @returns what is wrong with them */
  async function findingsAt(name: ServiceName, skip: TestContext['skip']): Promise<string> {
    const command = commandOr(skip);
    // In capitals, as the document has it: by another name it could not leave the secret out.
    const headers = { Authorization: `Bearer ${open.lab.endpoints.secret}` };
    const asked = { command, url: open.urlOf(name), headers, seed: SEED, examplesMax: EXAMPLES };
    const { operations, requests, findings } = await runSchemathesis(asked);
    tell(`${name}: ${operations} operations, ${requests} requests, --seed ${SEED}`);
    expect(requests).toBeGreaterThan(operations * EXAMPLES);
    return findings.join('\n');
  }

  test.for(['order', 'payment', 'inventory', 'coordinator'] as const)(
    '%s answers as its OpenAPI document says',
    async (name, { skip }) => {
      expect(await findingsAt(name, skip)).toBe('');
    },
  );

  test('and when it is quiet again, every invariant holds', async ({ skip }) => {
    commandOr(skip);
    expect(await open.broken()).toEqual([]);
  });

  // Last: who charges cards past the shop makes books that differ, and that is seen.
  test('card-processor answers as its document says; what it was asked, payment misses', async ({
    skip,
  }) => {
    expect(await findingsAt('card-processor', skip)).toBe('');
    const broken = await open.broken();
    expect(broken.map(({ id }) => id)).toEqual(['INV-15']);
  });
});

/** Bytes of a body that the careless service breaks at. */
const LITTLE = 10;

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
    const isDocument = request.url === '/openapi.json';
    let bytes = 0;
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    request.on('end', () => {
      const status = isDocument ? 200 : bytes < LITTLE ? 500 : 202;
      response.writeHead(status, { 'content-type': 'application/json' });
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
