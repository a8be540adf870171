import { ticks } from 'd3-array';
import type { ReportEvent, ReportSpan } from './report-data.ts';

/** The spans of one trace as a tree with bars. A share is a part of the width, 0 to 1. */
export interface WaterfallLayout {
  traceId: string;
  fromMs: number;
  untilMs: number;
  /** Round times for the axis, each with its share. */
  ticks: { atMs: number; share: number }[];
  rows: WaterfallRow[];
}

export interface WaterfallRow {
  span: ReportSpan;
  depth: number;
  from: number;
  /** Share of the width, at least `VISIBLE_MIN`. */
  width: number;
  /** Milliseconds; null when the process died before the end of the span. */
  tookMs: number | null;
  /** Idle time between the end of the parent or the sibling before, and the span; null: none. */
  gap: Gap | null;
}

export interface Gap {
  from: number;
  width: number;
  ms: number;
  why: 'in Kafka' | 'waited';
}

const GAP_MIN_MS = 1;
const VISIBLE_MIN = 0.002;
const TICKS = 6;

/** One waterfall for each trace, the earliest first. */
export function layoutWaterfalls(spans: ReportSpan[], events: ReportEvent[]): WaterfallLayout[] {
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  const crashes = events.filter(({ mark }) => mark === 'crash');
  return [...traces]
    .map(([traceId, own]) => layoutTrace(traceId, own, crashes))
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

function layoutTrace(
  traceId: string,
  spans: ReportSpan[],
  crashes: ReportEvent[],
): WaterfallLayout {
  const lastMs = Math.max(...spans.map(({ startMs, endMs }) => endMs ?? startMs));
  const endOf = (span: ReportSpan) => span.endMs ?? diedAt(span, crashes) ?? lastMs;
  const fromMs = Math.min(...spans.map(({ startMs }) => startMs));
  const untilMs = Math.max(...spans.map(endOf), fromMs + 1);
  const share = (ms: number) => (ms - fromMs) / (untilMs - fromMs);
  const rows = inTree(spans).map(({ span, depth, parent }) => ({
    span,
    depth,
    from: share(span.startMs),
    width: Math.max(share(endOf(span)) - share(span.startMs), VISIBLE_MIN),
    tookMs: span.endMs === null ? null : span.endMs - span.startMs,
    gap: parent === null ? null : gapBefore(span, lastBefore(span, parent, spans, endOf), share),
  }));
  const times = ticks(fromMs, untilMs, TICKS).map((atMs) => ({ atMs, share: share(atMs) }));
  return { traceId, fromMs, untilMs, ticks: times, rows };
}

/** A span without an end ended when its process died. */
function diedAt({ process, startMs }: ReportSpan, crashes: ReportEvent[]): number | undefined {
  return crashes.find((crash) => crash.process === process && crash.atMs >= startMs)?.atMs;
}

/** The end of the parent, or of the last sibling that ended before the span. */
function lastBefore(
  { spanId, startMs }: ReportSpan,
  parent: ReportSpan,
  spans: ReportSpan[],
  endOf: (span: ReportSpan) => number,
): number {
  const siblings = spans.filter(
    (each) => each.parentSpanId === parent.spanId && each.spanId !== spanId,
  );
  const over = siblings.map(endOf).filter((endMs) => endMs <= startMs);
  return Math.max(endOf(parent), ...over);
}

function gapBefore(span: ReportSpan, lastMs: number, share: (ms: number) => number): Gap | null {
  const ms = span.startMs - lastMs;
  if (ms < GAP_MIN_MS) return null;
  return {
    from: share(lastMs),
    width: share(span.startMs) - share(lastMs),
    ms,
    why: why(span),
  };
}

/** A wait in the outbox needs no gap: it has a span of its own. */
function why({ name, attributes }: ReportSpan): Gap['why'] {
  const isConsumed = attributes['messaging.operation.type'] === 'process';
  return isConsumed || /^(process|receive) /.test(name) ? 'in Kafka' : 'waited';
}

interface Branch {
  span: ReportSpan;
  depth: number;
  parent: ReportSpan | null;
}

/** Parents before their children; a span with a missing parent is a root. */
function inTree(spans: ReportSpan[]): Branch[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const parentOf = ({ parentSpanId, spanId }: ReportSpan) =>
    parentSpanId === null || parentSpanId === spanId ? undefined : byId.get(parentSpanId);
  const children = Map.groupBy(spans, (span) => parentOf(span)?.spanId ?? null);
  const visit = (id: string | null, depth: number): Branch[] => {
    const own = (children.get(id) ?? []).toSorted((a, b) => a.startMs - b.startMs);
    return own.flatMap((span) => [
      { span, depth, parent: parentOf(span) ?? null },
      ...visit(span.spanId, depth + 1),
    ]);
  };
  return visit(null, 0);
}
