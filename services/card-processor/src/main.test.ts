import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

const SECRET = 'known-to-the-shop-only';
const LOST = 'The last spans are lost: their receiver did not take them';

/** A receiver of spans that reads each request, and answers if `answers` is true. */
async function receiver(answers: boolean): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answers && response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

/** Starts a card processor, causes a span, and sends SIGTERM. */
async function endOne(traces: string, url: string) {
  const folder = mkdtempSync(join(tmpdir(), 'card-processor-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const env = {
    PORT: '0',
    SERVICE_SECRET: SECRET,
    JOURNAL: join(folder, 'journal'),
    TRACES: traces,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_JAEGER_ENDPOINT: `${url}/api/traces`,
  };
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main], { env, stdio: [...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const logged: string[] = [];
  const ready = Promise.withResolvers<number>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { msg, port }: { msg?: string; port?: number } = JSON.parse(line);
    if (port !== undefined) ready.resolve(port);
    if (msg !== undefined) logged.push(msg);
  });
  await (await fetch(`http://127.0.0.1:${await ready.promise}/charges`)).text();
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const [code] = await closed;
  return { code, isLost: logged.includes(LOST) };
}

test.each([
  ['otlp', 'refuses', closedPort],
  ['otlp', 'hangs', () => receiver(false)],
  ['jaeger', 'hangs', () => receiver(false)],
] as const)(
  'after SIGTERM with %s spans and a receiver that %s, the log says that spans are lost',
  async (...row) => {
    const [exporter, , url] = row;
    expect(await endOne(exporter, await url())).toEqual({ code: 0, isLost: true });
  },
);

test('after SIGTERM with a receiver that answers, no span is lost', async () => {
  expect(await endOne('otlp', await receiver(true))).toEqual({ code: 0, isLost: false });
});
