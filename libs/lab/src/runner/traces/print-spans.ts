import type { SentSpan } from '../../evidence/record/otlp-traces.ts';

/** One line per span, sorted by start. Pure. */
export function printedSpans(spans: readonly SentSpan[]): string[] {
  return spans
    .toSorted((a, b) => a.line.startedAt - b.line.startedAt)
    .map(({ line, endedAt, problem }) => {
      const parent = 'parentSpanId' in line ? line.parentSpanId : undefined;
      return [
        'span',
        line.process,
        line.name,
        `${(endedAt - line.startedAt).toFixed(2)} ms`,
        `id=${line.spanId}`,
        `parent=${parent ?? 'none'}`,
        `trace=${line.traceId}`,
        ...(line.links ?? []).map(({ spanId }) => `link=${spanId}`),
        ...(problem === null ? [] : [`error="${problem}"`]),
      ].join(' ');
    });
}
