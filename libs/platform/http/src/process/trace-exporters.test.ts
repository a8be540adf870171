import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exportSpans, type TracesTarget } from './trace-exporters.ts';

/** A receiver of any spans. @returns its URL, and path and body of the requests to it */
async function receiver() {
  const received: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: Buffer.concat(chunks).toString('latin1') });
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Ends one span with this exporter, and shuts the exporter down. */
async function endOneSpan(target: TracesTarget): Promise<void> {
  const resource = resourceFromAttributes({ 'service.name': 'payment' });
  const spanProcessors = await exportSpans(target);
  const provider = new TracerProvider({ resource, spanProcessors });
  provider.getTracer('in-doubt').startSpan('capture-payment').end();
  await provider.shutdown();
}

test.each([
  ['otlp', '/v1/traces'],
  ['jaeger', '/api/traces'],
] as const)(
  'the exporter %s sends a span to %s before the process ends',
  async (exporter, path) => {
    const { received, url } = await receiver();
    await endOneSpan({ exporter, otlpUrl: url, thriftUrl: `${url}/api/traces` });
    expect(received.map((each) => each.path)).toEqual([path]);
    expect(received[0]?.body).toContain('capture-payment');
    expect(received[0]?.body).toContain('payment');
  },
);

test('the exporter console prints a line for each span', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await endOneSpan({ exporter: 'console', otlpUrl: '', thriftUrl: '' });
  const line = /^span payment capture-payment [\d.]+ ms id=\w{16} parent=none trace=\w{32}\n$/;
  expect(write.mock.calls).toEqual([[expect.stringMatching(line)]]);
});

test('the exporter none exports no spans', async () => {
  expect(await exportSpans({ exporter: 'none', otlpUrl: '', thriftUrl: '' })).toEqual([]);
});

test.each([
  ['otlp', false],
  ['jaeger', true],
] as const)('with the exporter %s, jaeger-client is loaded: %s', (exporter, isRead) => {
  const target = {
    exporter,
    otlpUrl: 'http://127.0.0.1:1',
    thriftUrl: 'http://127.0.0.1:1/api/traces',
  };
  const script = `
    import { createRequire } from 'node:module';
    import { exportSpans } from './trace-exporters.ts';
    await exportSpans(${JSON.stringify(target)});
    const read = Object.keys(createRequire(import.meta.url).cache);
    console.log(read.some((path) => path.includes('jaeger-client')));`;
  const options = { cwd: join(import.meta.dirname), encoding: 'utf8' } as const;
  const args = ['--input-type=module', '-e', script];
  expect(execFileSync(process.execPath, args, options)).toBe(`${isRead}\n`);
});
