import { findGaps, type Gap, isOutboxWait } from './find-gaps.ts';
import type { RecordedTrace, TracedSpan } from './read-traces.ts';

/** A line of the tree of a trace. */
export type TraceRow =
  | { kind: 'span'; span: TracedSpan; branch: string }
  | { kind: 'gap'; gap: Gap; branch: string }
  | { kind: 'shared'; shared: SharedSpan; branch: string };

/** A span of another trace that links to a span of this trace. */
export interface SharedSpan {
  traceId: string;
  span: TracedSpan;
}

/**
 * A trace as rows of a tree: children below their parent, by start. A span behind an outbox begins
 * at the left edge, because the tree of an order by messages would otherwise be too deep to read.
 * @param all  all traces of the run, for spans that this trace shares with others
 */
export function traceRows(trace: RecordedTrace, all: readonly RecordedTrace[]): TraceRow[] {
  const gaps = findGaps(trace);
  const ids = new Set(trace.spans.map(({ spanId }) => spanId));
  const parentOf = ({ parentSpanId }: TracedSpan) =>
    parentSpanId !== null && ids.has(parentSpanId) ? parentSpanId : '';
  const children = Map.groupBy(trace.spans, parentOf);
  const tree = { children, shared: sharedWith(trace, all) };
  const roots = trace.spans.filter((span) => parentOf(span) === '' || isOutboxWait(span));
  const rows = roots.flatMap((root) => rowsUnder(tree, root, '', ''));
  return rows.flatMap((row): TraceRow[] => {
    if (row.kind !== 'span') return [row];
    const before = gaps.find(({ untilMs }) => untilMs === row.span.startMs);
    if (before === undefined) return [row];
    gaps.splice(gaps.indexOf(before), 1); // two spans may begin in the same moment
    return [{ kind: 'gap', gap: before, branch: row.branch.replaceAll(/[├└] /g, '│ ') }, row];
  });
}

interface Tree {
  children: ReadonlyMap<string, TracedSpan[]>;
  shared: ReadonlyMap<string, SharedSpan[]>;
}

/** @param indent  prefix of the rows of its descendants */
function rowsUnder(tree: Tree, span: TracedSpan, branch: string, indent: string): TraceRow[] {
  const children = (tree.children.get(span.spanId) ?? []).filter((child) => !isOutboxWait(child));
  const shared = tree.shared.get(span.spanId) ?? [];
  const count = children.length + shared.length;
  const isLast = (index: number) => index === count - 1;
  const fork = (index: number) => indent + (isLast(index) ? '└ ' : '├ ');
  const further = (index: number) => indent + (isLast(index) ? '  ' : '│ ');
  return [
    { kind: 'span', span, branch },
    ...children.flatMap((child, index) => rowsUnder(tree, child, fork(index), further(index))),
    ...shared.map(
      (one, index): TraceRow => ({
        kind: 'shared',
        shared: one,
        branch: fork(children.length + index),
      }),
    ),
  ];
}

/** Spans of other traces that link to a span of this trace, by its id. */
function sharedWith(
  trace: RecordedTrace,
  all: readonly RecordedTrace[],
): Map<string, SharedSpan[]> {
  const shared = new Map<string, SharedSpan[]>();
  for (const { traceId, spans } of all) {
    if (traceId === trace.traceId) continue;
    for (const span of spans) {
      for (const link of span.links.filter((one) => one.traceId === trace.traceId)) {
        shared.set(link.spanId, [...(shared.get(link.spanId) ?? []), { traceId, span }]);
      }
    }
  }
  return shared;
}
