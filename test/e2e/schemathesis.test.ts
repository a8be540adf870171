import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { isWhole } from '../runner/sample.ts';
import { scaled } from '../runner/slowness.ts';
import { type Brought, bringSchemathesis } from './bring-schemathesis.ts';
import { type OpenLab, sharedLab } from './open-lab.ts';
import { runSchemathesis } from './run-schemathesis.ts';
import { sharedServers } from './shared-servers.ts';

const SEED = 20_261_121;
/** Examples of each operation in each phase: a service takes some twenty seconds with 8. */
const EXAMPLES = isWhole ? 8 : 4;
const WITHIN_MS = scaled(300_000);
type ServiceName = Parameters<OpenLab['urlOf']>[0];

/** Stock and money for all orders. Dora pays by card, so that the lab has a card processor. */
const WORLD = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: 1_000_000 })),
  customers: [
    ...DEFAULT_WORLD.customers.map((each) => ({ ...each, balanceCents: 100_000_000 })),
    { id: 'dora', name: 'Dora', balanceCents: 0, creditLimitCents: 0, card: 'card-dora' },
  ],
};

let brought: Brought;
beforeAll(async () => {
  brought = await bringSchemathesis(log);
}, WITHIN_MS);

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The command. Without schemathesis the test is skipped with the reason; in CI the test fails. */
function commandOr(skip: TestContext['skip']): string {
  if ('command' in brought) return brought.command;
  if (process.env['CI'] === 'true') throw new Error(`schemathesis is missing: ${brought.missing}`);
  return skip(`schemathesis is missing: ${brought.missing}`);
}

describe('schemathesis against a lab', { timeout: WITHIN_MS }, () => {
  const open = sharedLab(sharedServers(), { world: WORLD });

  /** Checks the replies of this service against its own document. @returns the findings */
  async function findingsAt(name: ServiceName, skip: TestContext['skip']): Promise<string> {
    const command = commandOr(skip);
    // Spelt as in the document, or schemathesis could not leave the secret out of a request.
    const headers = { Authorization: `Bearer ${open().lab.endpoints.secret}` };
    const options = {
      command,
      url: open().urlOf(name),
      headers,
      seed: SEED,
      examplesMax: EXAMPLES,
    };
    const { operations, requests, findings } = await runSchemathesis(options);
    log(`${name}: ${operations} operations, ${requests} requests, --seed ${SEED}`);
    expect(requests).toBeGreaterThan(operations * EXAMPLES);
    return findings.join('\n');
  }

  test.for(['order', 'payment', 'inventory', 'coordinator'] as const)(
    '%s replies as its OpenAPI document says',
    async (name, { skip }) => {
      expect(await findingsAt(name, skip)).toBe('');
    },
  );

  test('every invariant holds after the requests of schemathesis', async ({ skip }) => {
    commandOr(skip);
    expect(await open().broken()).toEqual([]);
  });

  // The last test: charges that bypass the shop make the two books differ, which INV-15 reports.
  test('card-processor replies as its document says, and INV-15 finds charges of no order', async ({
    skip,
  }) => {
    expect(await findingsAt('card-processor', skip)).toBe('');
    const broken = await open().broken();
    expect(broken.map(({ id }) => id)).toEqual(['INV-15']);
  });
});

/** The careless service fails on a body with fewer bytes. */
const SHORT_BYTES = 10;

/** A service with a document like ours that breaks every promise of the document. */
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
      const status = isDocument ? 200 : bytes < SHORT_BYTES ? 500 : 202;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(isDocument ? document : '{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test('schemathesis finds the faults of a service that ignores its own document', async ({
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
