import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { breachesOf } from '@indoubt/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { sharedServers } from './shared-servers.ts';

/** A span in OTLP/JSON, as it would be sent to Jaeger. */
interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** SpanKind + 1. */
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status?: { code: number; message: string };
  service: string;
}

const servers = sharedServers();
let receiver: Server;
let received: Span[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received = spansIn(Buffer.concat(chunks).toString());
      response.end('{}');
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});

afterAll(() => receiver.close());

function spansIn(body: string): Span[] {
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: {
      resource: { attributes: { value: { stringValue: string } }[] };
      scopeSpans: { spans: Omit<Span, 'service'>[] }[];
    }[];
  };
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes[0]?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
}

/** Runs a scenario with a trace receiver in place of Jaeger. @returns its first trace */
async function traceOf(name: string): Promise<{ spans: Span[]; urls: string[] }> {
  const { port } = receiver.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const infrastructure = { ...servers(), jaeger: { uiUrl: url, otlpUrl: url } };
  const { result } = await playScenario(name, { infrastructure });
  expect(result.verdict).toBe('holds');
  expect(received.flatMap(conventionsBroken)).toEqual([]);
  const spans = received.filter(({ traceId }) => traceId === result.traceIds[0]);
  return { spans, urls: result.traceUrls };
}

/** The semantic conventions of OpenTelemetry that a span breaks. */
function conventionsBroken({ name, kind, attributes, status }: Span): string[] {
  const pairs = attributes.map(({ key, value }) => [key, Object.values(value)[0]]);
  const described = Object.fromEntries(pairs);
  const hasEnded = !('in_doubt.process_died' in described);
  const hasFailed = hasEnded && status?.code === 2;
  return breachesOf({ name, spanKind: kind - 1, hasEnded, hasFailed, attributes: described });
}

const named = (spans: Span[], name: string) => spans.filter((span) => span.name === name);

test('an order makes one trace, from the request to the last compensation', async () => {
  const { spans, urls } = await traceOf('saga-compensation');
  expect(urls).toEqual([expect.stringMatching(/\/trace\/[0-9a-f]{32}$/)]);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''));
  expect(roots.map(({ name, service }) => `${service}: ${name}`)).toEqual(['client: POST /orders']);
  expect(new Set(spans.map(({ service }) => service))).toEqual(
    new Set([
      'client',
      'order',
      'inventory',
      'payment',
      'relay-order',
      'relay-inventory',
      'relay-payment',
    ]),
  );
  const path = [
    'place-order',
    'outbox wait reserve-stock',
    'send inventory.commands',
    'process inventory.commands',
    'reserve-stock',
    'capture-payment',
    'advance-saga',
    'release-stock',
  ];
  for (const name of path) expect(named(spans, name).length).toBeGreaterThan(0);
});

test('the time in the outbox is a span between the commit and the send', async () => {
  const { spans } = await traceOf('saga-happy-path');
  const [wait] = named(spans, 'outbox wait reserve-stock');
  const [send] = named(spans, 'send inventory.commands');
  expect(send?.parentSpanId).toBe(wait?.spanId);
  expect(BigInt(wait?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(
    BigInt(send?.endTimeUnixNano ?? 0),
  );
});

test('a killed process leaves a span that shows the crash', async () => {
  const { spans } = await traceOf('saga-participant-crash');
  const died = spans.filter(({ status }) => status?.message.includes('the process died'));
  expect(died.map(({ service, name }) => `${service}: ${name}`)).toEqual([
    'inventory: acknowledge inventory.commands',
  ]);
  expect(named(spans, 'process inventory.commands').length).toBe(2);
});
