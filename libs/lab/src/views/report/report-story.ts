import type { ReportEvent, ReportSpan } from '../page/report-data.ts';
import type { Story } from '../sequence/read-story.ts';
import type { Shown } from './select-shown.ts';

/** The events with their sentences. Pure. */
export function eventsOf({ events, msOf }: Story, shown: Shown): ReportEvent[] {
  return shown
    .of(events, ({ order }) => order, 'events')
    .map(({ id, line, process, order, sentence: { text, mark, isDetail } }) => {
      const { event, traceId = null, spanId = null } = line;
      return {
        id,
        atMs: msOf(line.at),
        process,
        order,
        event,
        text,
        mark,
        isDetail,
        traceId,
        spanId,
      };
    });
}

/** The traces. Pure. */
export function reportSpansOf(story: Story, shown: Shown): ReportSpan[] {
  const { events, spans, msOf, orderOfSpan } = story;
  const inSpan = Map.groupBy(events, ({ line }) => `${line.traceId}/${line.spanId}`);
  return shown
    .of(spans, orderOfSpan, 'spans')
    .map((span): ReportSpan => {
      const { line, endedAt, failed } = span;
      const { traceId, spanId, process, name, links = [] } = line;
      return {
        traceId,
        spanId,
        parentSpanId: span.line.parentSpanId ?? null,
        links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
        process,
        name,
        startMs: msOf(line.startedAt),
        endMs: endedAt === null ? null : msOf(endedAt),
        error: failed,
        attributes: plain(line.attributes),
        events: (inSpan.get(`${traceId}/${spanId}`) ?? []).map(({ id }) => id),
      };
    })
    .toSorted((one, other) => one.startMs - other.startMs);
}

function plain(attributes: Record<string, unknown>): ReportSpan['attributes'] {
  const entries = Object.entries(attributes).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    const isPlain =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return [[name, isPlain ? value : JSON.stringify(value)] as const];
  });
  return Object.fromEntries(entries);
}
