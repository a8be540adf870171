import { type Attributes, trace } from '@opentelemetry/api';
import type { EventContext, EventLine, Exact, LineStart, RecordEvent } from './record-event.ts';

/**
 * A line of the record: a span starting, a span ending, or an event; `at` is epoch milliseconds.
 */
export type RecordLine =
  | (LineStart & SpanLine & { kind: 'span-start'; parentSpanId?: string | undefined })
  | (LineStart & SpanLine & { kind: 'span-end'; failed?: string | undefined; endedAt: number })
  | EventLine;

interface SpanLine {
  traceId: string;
  spanId: string;
  name: string;
  /** OpenTelemetry's SpanKind number. */
  spanKind: number;
  /** Epoch milliseconds; earlier than `at` for a wait that was only measured afterwards. */
  startedAt: number;
  attributes: Attributes;
  /** Span ids of other traces' spans that this one also comes from. */
  links?: { traceId: string; spanId: string }[] | undefined;
}

export type RecordSink = (event: EventContext & RecordEvent) => void;

let sink: RecordSink | undefined;
const listeners = new Set<(event: RecordEvent) => void>();

/** Installed once by the process's composition root; until then events go nowhere, at no cost. */
export function useRecord(to: RecordSink): void {
  sink = to;
}

/**
 * Tells somebody in this process of each event as well, written or not: whoever counts them. It
 * must cost next to nothing, and must not throw.
 * @returns what ends it
 */
export function onRecord(listen: (event: RecordEvent) => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/**
 * Writes one protocol event, tied to the active span. One write: a SIGKILL right after loses
 * nothing.
 */
export function record<const Event extends RecordEvent>(event: Event & Exact<Event>): void {
  for (const listen of listeners) listen(event);
  if (sink === undefined) return;
  const active = trace.getActiveSpan()?.spanContext();
  sink(active === undefined ? event : { traceId: active.traceId, spanId: active.spanId, ...event });
}
