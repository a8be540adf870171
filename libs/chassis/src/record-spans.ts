import { epochMs, type RecordLine } from '@indoubt/record';
import { type HrTime, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

export type WriteLine = (line: RecordLine) => void;

/**
 * A span processor that writes a line when a span starts and one when it ends: a span that started
 * and never ended is how a crash looks. Nothing is kept in memory, so there is nothing to flush.
 */
export function recordSpans(process: string, pid: number, write: WriteLine): SpanProcessor {
  return {
    onStart(span) {
      write({
        kind: 'span-start',
        process,
        pid,
        at: epochMs(),
        parentSpanId: span.parentSpanContext?.spanId,
        ...lineOf(span),
      });
    },
    onEnd(span) {
      const failed = span.status.code === SpanStatusCode.ERROR;
      // Spans end when they are ended; the SDK's own end time has whole milliseconds only.
      const at = epochMs();
      write({
        kind: 'span-end',
        process,
        pid,
        at,
        endedAt: at,
        failed: failed ? (span.status.message ?? 'failed') : undefined,
        ...lineOf(span),
      });
    },
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

function lineOf(span: ReadableSpan) {
  const { traceId, spanId } = span.spanContext();
  const links = span.links.map(({ context }) => ({
    traceId: context.traceId,
    spanId: context.spanId,
  }));
  return {
    traceId,
    spanId,
    name: span.name,
    spanKind: span.kind,
    startedAt: milliseconds(span.startTime),
    attributes: span.attributes,
    links: links.length === 0 ? undefined : links,
  };
}

function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
