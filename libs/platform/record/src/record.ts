import { type Attributes, trace } from '@opentelemetry/api';
import type { EventContext, EventLine, Exact, LineStart, RecordEvent } from './record-event.ts';

/**
 * A line of the record: the start of a span, the end of a span, or an event.
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
  /** Epoch milliseconds; earlier than `at` for a wait that is recorded after its end. */
  startedAt: number;
  attributes: Attributes;
  /** Spans of other traces that this span was caused by as well. */
  links?: { traceId: string; spanId: string }[] | undefined;
}

export type RecordSink = (event: EventContext & RecordEvent) => void;

let sink: RecordSink | undefined;
const listeners = new Set<(event: RecordEvent) => void>();

/** Installs the sink of all events, once per process. Before that, events are dropped. */
export function useRecord(to: RecordSink): void {
  sink = to;
}

/**
 * Calls `listen` for each event of this process, even without a sink; for metrics. `listen` must be
 * fast and must not throw.
 * @returns a function that removes the listener
 */
export function onRecord(listen: (event: RecordEvent) => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/**
 * Writes a protocol event with the ids of the active span. A SIGKILL after this call does not lose
 * the event.
 */
export function record<const Event extends RecordEvent>(event: Event & Exact<Event>): void {
  for (const listen of listeners) listen(event);
  if (sink === undefined) return;
  const active = trace.getActiveSpan()?.spanContext();
  sink(active === undefined ? event : { traceId: active.traceId, spanId: active.spanId, ...event });
}
