import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordLine } from '@indoubt/record';
import { expect, onTestFinished, test } from 'vitest';
import { exportTraces } from './export-traces.ts';

const TRACE = 'a'.repeat(32);
const UI = 'http://127.0.0.1:16686';
const NOBODY = 'http://127.0.0.1:2';

/** The end of a span with this number as id. */
function span(id: number, more: object = {}): RecordLine {
  return {
    kind: 'span-end',
    process: 'order',
    pid: 7,
    at: 1_000 + id,
    endedAt: 1_000.5 + id,
    traceId: TRACE,
    spanId: String(id).padStart(16, '0'),
    name: 'place-order',
    spanKind: 0,
    startedAt: 1_000 + id,
    attributes: {},
    ...more,
  };
}

/** A receiver of OTLP. @returns the number of spans of each request, and the receiver's URL */
async function receiver(status = 200) {
  const sizes: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      sizes.push(Buffer.concat(chunks).toString().split('"spanId"').length - 1);
      response.writeHead(status).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { sizes, otlpUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const printed: string[] = [];
const print = (line: string): void => void printed.push(line);

test('a large record is sent in batches, and the result has links', async () => {
  const { sizes, otlpUrl } = await receiver();
  const lines = Array.from({ length: 1_200 }, (_, id) => span(id));
  const jaeger = { uiUrl: UI, otlpUrl };
  const exported = await exportTraces({ exporter: 'otlp', print }, { jaeger }, [TRACE], lines);
  expect(exported).toEqual({ traceUrls: [`${UI}/trace/${TRACE}`], tracesProblem: null });
  expect(sizes).toEqual([500, 500, 200]);
});

test.each([
  ['otlp', 'ECONNREFUSED'],
  ['jaeger', 'ECONNREFUSED'],
] as const)(
  'without a receiver of %s the result has no link and says why',
  async (exporter, why) => {
    const jaeger = { uiUrl: UI, otlpUrl: NOBODY, thriftUrl: NOBODY };
    const exported = await exportTraces({ exporter, print }, { jaeger }, [TRACE], [span(1)]);
    expect(exported.traceUrls).toEqual([]);
    expect(exported.tracesProblem).toMatch(
      new RegExp(`^Jaeger at ${NOBODY} did not accept .*${why}`),
    );
  },
);

test('when Jaeger refuses the spans, the result has its status and no link', async () => {
  const { otlpUrl } = await receiver(503);
  const jaeger = { uiUrl: UI, otlpUrl };
  const { tracesProblem } = await exportTraces(
    { exporter: 'otlp', print },
    { jaeger },
    [TRACE],
    [span(1)],
  );
  expect(tracesProblem).toContain('it answered 503');
});

test('the exporter jaeger needs the Thrift address of Jaeger', async () => {
  const jaeger = { uiUrl: UI, otlpUrl: NOBODY };
  const { tracesProblem } = await exportTraces(
    { exporter: 'jaeger', print },
    { jaeger },
    [TRACE],
    [],
  );
  expect(tracesProblem).toContain('set INDOUBT_THRIFT_URL');
});

test('the exporter console prints one line per span, by start, with links and errors', async () => {
  const links = [{ traceId: TRACE, spanId: 'b'.repeat(16) }];
  const lines = [span(2, { links, failed: 'no stock' }), span(1)];
  const exported = await exportTraces(
    { exporter: 'console', print },
    { jaeger: null },
    [TRACE],
    lines,
  );
  expect(exported).toEqual({ traceUrls: [], tracesProblem: 'TRACES is console' });
  const more = `link=${'b'.repeat(16)} error="no stock"`;
  const id = (number: number) => `id=${String(number).padStart(16, '0')}`;
  expect(printed.splice(0)).toEqual([
    `span order place-order 0.50 ms ${id(1)} parent=none trace=${TRACE}`,
    `span order place-order 0.50 ms ${id(2)} parent=none trace=${TRACE} ${more}`,
  ]);
});

test.each([
  ['none', 'TRACES is none'],
  ['otlp', 'no Jaeger answers'],
] as const)(
  'with the exporter %s and without Jaeger nothing is sent or printed',
  async (exporter, tracesProblem) => {
    const exported = await exportTraces({ exporter, print }, { jaeger: null }, [TRACE], [span(1)]);
    expect(exported).toEqual({ traceUrls: [], tracesProblem });
    expect(printed).toEqual([]);
  },
);
