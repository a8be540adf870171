import { type Attributes, trace } from '@opentelemetry/api';

/** One thing that happened in a protocol, as narration, reports and checkers will read it. */
export interface RecordEvent {
  /** What happened, from the fixed list below: the words of the UI are the words of the code. */
  event: EventName;
  orderId?: string | undefined;
  sagaId?: string | undefined;
  /** Everything else: flat, JSON-safe, no secrets. */
  [field: string]: unknown;
}

export const EVENT_NAMES = [
  'service-ready',
  'order-placed',
  'order-ended',
  'saga-advanced',
  'saga-asked-again',
  'answer-ignored',
  'message-sent',
  'message-received',
  'message-handled',
  'message-retried',
  'dead-lettered',
  'lease-taken',
  'relay-retried',
  'failpoint-hit',
  'fault-hit',
  'message-fault-hit',
  'process-started',
  'process-exited',
  'process-killed',
  'process-paused',
  'process-resumed',
  'client-request',
  'client-response',
  'breaker-opened',
  'breaker-half-opened',
  'breaker-closed',
  'transaction-begun',
  'vote-received',
  'decision-made',
  'decision-told-again',
  'transaction-ended',
  'branch-voted',
  'branch-ended',
  'in-doubt-asked',
  'orphan-found',
  'heuristic-decision',
  'heuristic-damage',
  'epoch-taken',
  'coordinator-superseded',
  'key-replayed',
  'key-refused',
  'key-taken-over',
  'keys-reaped',
  'charge-requested',
  'charge-answered',
  'charge-unanswered',
  'hold-made',
  'hold-voided',
  'reconciled',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/**
 * A line of the record: a span starting, a span ending, or an event; `at` is epoch milliseconds.
 */
export type RecordLine = { process: string; pid: number; at: number } & (
  | ({ kind: 'span-start'; parentSpanId?: string | undefined } & SpanLine)
  | ({ kind: 'span-end'; failed?: string | undefined; endedAt: number } & SpanLine)
  | ({ kind: 'event'; traceId?: string | undefined; spanId?: string | undefined } & RecordEvent)
);

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

export type RecordSink = (event: RecordEvent & { traceId?: string; spanId?: string }) => void;

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
export function record(event: RecordEvent): void {
  for (const listen of listeners) listen(event);
  if (sink === undefined) return;
  const active = trace.getActiveSpan()?.spanContext();
  sink(active === undefined ? event : { traceId: active.traceId, spanId: active.spanId, ...event });
}
