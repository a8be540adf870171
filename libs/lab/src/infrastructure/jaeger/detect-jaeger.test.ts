import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { detectJaeger, jaegerAnswers, jaegerFile, namedJaeger } from './detect-jaeger.ts';

const NOBODY = 'http://127.0.0.1:2';

/** A server that replies with 200 to these paths and with 400 to all others. */
async function answering(...paths: string[]): Promise<string> {
  const server = createServer(({ url }, response) => {
    response.writeHead(paths.includes(url ?? '') ? 200 : 400).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), 'detect-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '.lab'));
  return root;
}

test('the Jaeger that this checkout started is found at its own ports', async () => {
  const root = checkout();
  const url = await answering('/api/services', '/v1/traces');
  const addresses = { uiUrl: url, otlpUrl: url, thriftUrl: NOBODY };
  writeFileSync(jaegerFile(root), JSON.stringify({ ready: true, pid: 1, ...addresses }));
  expect(await detectJaeger({}, root)).toEqual(addresses);
});

test('a Jaeger that the environment names is not replaced when it does not reply', async () => {
  const root = checkout();
  const url = await answering('/api/services', '/v1/traces');
  writeFileSync(jaegerFile(root), JSON.stringify({ uiUrl: url, otlpUrl: url }));
  const env = { INDOUBT_JAEGER_URL: NOBODY, INDOUBT_OTLP_URL: NOBODY };
  expect(await detectJaeger(env, root)).toBeNull();
});

test('an address that the environment leaves out has its default', () => {
  expect(namedJaeger({})).toBeNull();
  expect(namedJaeger({ INDOUBT_JAEGER_URL: 'http://jaeger:16686', INDOUBT_OTLP_URL: '' })).toEqual({
    uiUrl: 'http://jaeger:16686',
    otlpUrl: 'http://127.0.0.1:4318',
    thriftUrl: 'http://127.0.0.1:14268',
  });
});

test('a Jaeger is usable with Thrift alone, and not usable if it accepts no spans', async () => {
  const uiUrl = await answering('/api/services');
  const thriftUrl = await answering(); // refuses an empty body, as Jaeger does
  expect(await jaegerAnswers({ uiUrl, otlpUrl: NOBODY, thriftUrl })).toBe(true);
  expect(await jaegerAnswers({ uiUrl, otlpUrl: NOBODY, thriftUrl: NOBODY })).toBe(false);
  expect(await jaegerAnswers({ uiUrl: NOBODY, otlpUrl: NOBODY, thriftUrl })).toBe(false);
});
