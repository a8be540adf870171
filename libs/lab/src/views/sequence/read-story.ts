import type { EventLine, RecordLine } from '@indoubt/record';
import { type RecordedSpan, spansOf } from '../../evidence/record/otlp-traces.ts';
import { numberedEvents } from '../../evidence/stored-run/numbered-events.ts';
import { createNarrator } from '../narration/narrator.ts';
import type { Sentence } from '../narration/sentence.ts';

export interface NarratedEvent {
  id: number;
  line: EventLine;
  sentence: Sentence;
  /** The process that the event is about. */
  process: string;
  /** Label of its order, or of the order of its trace; null when it is about no order. */
  order: string | null;
}

/** The record of a run, prepared for the views. */
export interface Story {
  events: NarratedEvent[];
  spans: RecordedSpan[];
  /** Converts epoch milliseconds to milliseconds since the first request of the run. */
  msOf: (epochMs: number) => number;
  /**
   * Label of the order that a span works for; null when the span works for no order or for several.
   */
  orderOfSpan: (span: RecordedSpan) => string | null;
  /** Replaces the id of an order by its label. */
  labelled: (text: string) => string;
}

/** Pure. @param lines  the whole record, ordered by time */
export function readStory(lines: readonly RecordLine[]): Story {
  const narrated = toldEvents(lines);
  const spans = spansOf(lines);
  const startedAt = lines.find(isFirstRequest)?.at ?? lines[0]?.at ?? 0;
  const labelOfTrace = labelsOfTraces(narrated.events, spans, narrated.labels);
  const labelOfKey = labelsOfKeys(narrated.events);
  return {
    events: narrated.events.map((one) => ({
      ...one,
      order: one.order ?? labelOfTrace(one.line.traceId) ?? labelOfKey(one.line) ?? null,
    })),
    spans,
    msOf: (epochMs) => epochMs - startedAt,
    orderOfSpan: ordersOfSpans(spans, narrated.labels, labelOfTrace),
    labelled: (text) => labelled(text, narrated.labels),
  };
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** `accepted as order A`, and `GET /orders/A`. */
function labelled(text: string, labels: Labels): string {
  return text.replace(UUID, (id, at: number) => {
    const label = labels.get(id);
    if (label === undefined) return id;
    return text[at - 1] === '/' ? label : `order ${label}`;
  });
}

function isFirstRequest(line: RecordLine): boolean {
  return line.kind === 'event' && line.event === 'client-request';
}

function toldEvents(lines: readonly RecordLine[]) {
  const narrator = createNarrator();
  const labels = new Map<string, string>();
  const events = numberedEvents(lines).flatMap(({ id, line }): NarratedEvent[] => {
    const sentence = narrator.narrate(line);
    if (sentence === null) return [];
    if (sentence.label !== null && line.orderId) labels.set(line.orderId, sentence.label);
    return [{ id, line, sentence, process: line.process, order: sentence.label }];
  });
  return { events, labels };
}

type Labels = ReadonlyMap<string, string>;
type LabelOfTrace = (traceId: string | undefined) => string | undefined;

/** The order of each trace that is about only one order. */
function labelsOfTraces(
  events: readonly NarratedEvent[],
  spans: readonly RecordedSpan[],
  labels: Labels,
): LabelOfTrace {
  const seen = new Map<string, Set<string>>();
  const add = (traceId: string | undefined, label: string | null | undefined) => {
    if (traceId === undefined || !label) return;
    seen.set(traceId, (seen.get(traceId) ?? new Set()).add(label));
  };
  for (const { line, order } of events) add(line.traceId, order);
  for (const { line } of spans) add(line.traceId, labels.get(String(line.attributes['order.id'])));
  return (traceId) => {
    const [first, ...others] = seen.get(traceId ?? '') ?? [];
    return others.length === 0 ? first : undefined;
  };
}

/** A request without a response names no order: the next request with its key does. */
function labelsOfKeys(events: readonly NarratedEvent[]) {
  const labels = new Map<string, string>();
  for (const { line, order } of events) {
    const key = keyOf(line);
    if (order !== null && key !== undefined) labels.set(key, order);
  }
  return (line: EventLine) => labels.get(keyOf(line) ?? '');
}

/**
 * The key with its caller, because two callers may use the same key. Only events of the client have
 * a key.
 */
function keyOf(line: EventLine): string | undefined {
  if (!('key' in line) || line.key === null) return undefined;
  return JSON.stringify(['caller' in line ? line.caller : null, line.key]);
}

/**
 * The order of a span: by its attributes, by its URL (a transaction has the id of its order), or by
 * its trace.
 */
function ordersOfSpans(
  spans: readonly RecordedSpan[],
  labels: Labels,
  labelOfTrace: LabelOfTrace,
): Story['orderOfSpan'] {
  const byId = new Map(spans.map((span) => [span.line.spanId, span]));
  const ownOrder = ({ line: { attributes } }: RecordedSpan) => {
    const ids = [
      String(attributes['order.id']),
      ...(String(attributes['url.full']).match(UUID) ?? []),
    ];
    return ids.map((id) => labels.get(id)).find((label) => label !== undefined);
  };
  return (span) => {
    let at: RecordedSpan | undefined = span;
    while (at !== undefined) {
      const order = ownOrder(at);
      if (order !== undefined) return order;
      at = byId.get(at.line.parentSpanId ?? '');
    }
    return labelOfTrace(span.line.traceId) ?? null;
  };
}
