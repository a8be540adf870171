import { epochMs, type RecordLine } from '@indoubt/record';
import { type HrTime, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

export type WriteLine = (line: RecordLine) => void;

/**
 * A span processor that writes a line when a span starts and a line when it ends, so the record of
 * a crash has a span without an end. It has no buffer, so there is nothing to flush.
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
      const at = epochMs();
      write({
        kind: 'span-end',
        process,
        pid,
        at,
        endedAt: endGiven(span) ?? at,
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

/**
 * The end time that the caller gave to `span.end`; null when it gave none. The SDK's own end time
 * has whole milliseconds, so an end time with a fraction comes from `epochMs`.
 */
function endGiven({ endTime }: ReadableSpan): number | null {
  const endedAt = milliseconds(endTime);
  return Number.isInteger(endedAt) ? null : endedAt;
}

export function milliseconds([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
