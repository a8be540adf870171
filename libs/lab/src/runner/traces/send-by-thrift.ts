import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { SentSpan } from '../../evidence/record/otlp-traces.ts';

/** Indexed by OpenTelemetry's number of the kind. */
const KINDS = [
  SpanKind.INTERNAL,
  SpanKind.SERVER,
  SpanKind.CLIENT,
  SpanKind.PRODUCER,
  SpanKind.CONSUMER,
];

/** Time-out for the spans of one process. jaeger-client itself has no time-out. */
const SEND_WITHIN_MS = 10_000;

/**
 * Sends spans with jaeger-client, as Thrift over HTTP. The exporter is imported lazily, because it
 * is large. Each process needs its own exporter, because a batch of Thrift has one service name.
 * @throws when the receiver does not accept a batch
 */
export async function sendByThrift(thriftUrl: string, spans: readonly SentSpan[]): Promise<void> {
  const { JaegerExporter } = await import('@opentelemetry/exporter-jaeger');
  const endpoint = `${thriftUrl}/api/traces`;
  for (const [service, own] of Map.groupBy(spans, ({ line }) => line.process)) {
    const resource = resourceFromAttributes({ 'service.name': service });
    const readable = own.map((span) => readableSpan(span, resource));
    await exported(new JaegerExporter({ endpoint }), readable);
  }
}

function exported(exporter: SpanExporter, spans: ReadableSpan[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const tooLong = new Error(`no answer within ${SEND_WITHIN_MS / 1_000} s`);
    const bound = setTimeout(() => reject(tooLong), SEND_WITHIN_MS);
    exporter.export(spans, ({ error }) => {
      clearTimeout(bound);
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Converts a span of the record to the type of OpenTelemetry's exporters. Pure. */
function readableSpan(
  { line, endedAt, problem, attributes }: SentSpan,
  resource: ReadableSpan['resource'],
): ReadableSpan {
  const context = (spanId: string, traceId = line.traceId) => ({
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
  });
  const parentSpanId = 'parentSpanId' in line ? line.parentSpanId : undefined;
  const [startedUs, endedUs] = [microseconds(line.startedAt), microseconds(endedAt)];
  return {
    name: line.name,
    kind: KINDS[line.spanKind] ?? SpanKind.INTERNAL,
    spanContext: () => context(line.spanId),
    ...(parentSpanId !== undefined && { parentSpanContext: context(parentSpanId) }),
    startTime: hrTime(startedUs),
    endTime: hrTime(endedUs),
    duration: hrTime(endedUs - startedUs),
    status:
      problem === null
        ? { code: SpanStatusCode.UNSET }
        : { code: SpanStatusCode.ERROR, message: problem },
    attributes: Object.fromEntries(
      Object.entries(attributes).flatMap(([key, value]) =>
        value === undefined || value === null ? [] : [[key, plain(value)]],
      ),
    ),
    links: (line.links ?? []).map(({ traceId, spanId }) => ({ context: context(spanId, traceId) })),
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'in-doubt', version: '' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function plain(value: unknown): string | number | boolean {
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}

function microseconds(epochMs: number): number {
  return Math.round(epochMs * 1_000);
}

function hrTime(wholeUs: number): HrTime {
  return [Math.floor(wholeUs / 1e6), (wholeUs % 1e6) * 1_000];
}
