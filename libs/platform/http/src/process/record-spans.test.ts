import type { RecordLine } from '@indoubt/record';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { recordSpans } from './record-spans.ts';

function traced() {
  const lines: RecordLine[] = [];
  const write = (line: RecordLine) => lines.push(structuredClone(line));
  const provider = new TracerProvider({ spanProcessors: [recordSpans('order', 7, write)] });
  return { lines, tracer: provider.getTracer('test') };
}

test('a span is a line when it starts and a line when it ends', () => {
  const { lines, tracer } = traced();
  const span = tracer.startSpan('GET /stock/:sku', {
    kind: SpanKind.SERVER,
    startTime: 1e12 + 0.5,
  });
  expect(lines).toHaveLength(1); // written at the start: after a crash this is the only line
  span.setAttribute('http.response.status_code', 200);
  span.end();
  const ids = { process: 'order', pid: 7, spanId: span.spanContext().spanId };
  expect(lines).toMatchObject([
    {
      kind: 'span-start',
      ...ids,
      startedAt: 1e12 + 0.5,
      spanKind: SpanKind.SERVER,
      attributes: {},
    },
    { kind: 'span-end', ...ids, attributes: { 'http.response.status_code': 200 } },
  ]);
  expect(lines[1]).toHaveProperty('failed', undefined);
});

test('a span that is written after its end has its real end time', () => {
  const { lines, tracer } = traced();
  tracer.startSpan('outbox wait', { startTime: 1e12 + 1 }).end(1e12 + 34.5);
  expect(lines.at(-1)).toMatchObject({ endedAt: 1e12 + 34.5 });
});

test('the line of a span has the reason of its failure and the spans that it links to', () => {
  const { lines, tracer } = traced();
  const other = tracer.startSpan('other').spanContext();
  const span = tracer.startSpan('send', { links: [{ context: other }] });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no broker' });
  span.end();
  const { traceId, spanId } = other;
  expect(lines.at(-1)).toMatchObject({ failed: 'no broker', links: [{ traceId, spanId }] });
});
