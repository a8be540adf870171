import type { TracesExporter } from '@indoubt/record';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { milliseconds } from './record-spans.ts';

/** Where a process exports its spans. */
export interface TracesTarget {
  exporter: TracesExporter;
  /** Base URL of an OTLP/HTTP receiver. */
  otlpUrl: string;
  /** Full URL of Jaeger's Thrift receiver. */
  thriftUrl: string;
}

/**
 * The processors that export the spans of a process when they end. An exporter is loaded only when
 * it is used, since jaeger-client loads a Thrift library. Both exporters buffer spans and send them
 * in batches, so a process that is killed loses its last spans and those that have not ended.
 */
export async function exportSpans({
  exporter,
  otlpUrl,
  thriftUrl,
}: TracesTarget): Promise<SpanProcessor[]> {
  if (exporter === 'none') return [];
  if (exporter === 'console') return [printSpans((line) => process.stderr.write(`${line}\n`))];
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  if (exporter === 'otlp') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    const otlp = new OTLPTraceExporter({ url: `${otlpUrl}/v1/traces` });
    return [new BatchSpanProcessor({ exporter: otlp })];
  }
  const { JaegerExporter } = await import('@opentelemetry/exporter-jaeger');
  return [new BatchSpanProcessor({ exporter: new JaegerExporter({ endpoint: thriftUrl }) })];
}

function printSpans(print: (line: string) => void): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => print(printed(span)),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** Pure. */
function printed(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  const parts = [
    `span ${String(span.resource.attributes['service.name'])} ${span.name}`,
    `${milliseconds(span.duration).toFixed(2)} ms`,
    `id=${spanId}`,
    `parent=${span.parentSpanContext?.spanId ?? 'none'}`,
    `trace=${traceId}`,
  ];
  const { code, message = '' } = span.status;
  return [...parts, ...(code === SpanStatusCode.ERROR ? [`error="${message}"`] : [])].join(' ');
}
