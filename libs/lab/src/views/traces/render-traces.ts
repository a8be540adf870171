import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { count } from '../../text/count.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import type { RecordedTrace } from './read-traces.ts';
import { renderTrace, summaryOf } from './render-trace.ts';

const TREES_MAX = 3;
const LISTED_MAX = 20;

/**
 * Renders the traces of a run: a line for each trace that a client began, the first few as trees,
 * and the number of the others.
 * @param ofOrders  the wanted traces, each of an order
 * @param all       all traces of the run
 */
export function renderTraces(
  ofOrders: readonly RecordedTrace[],
  all: readonly RecordedTrace[],
  paint: Paint,
): string {
  const drawn = clientsTraces(ofOrders);
  const trees = drawn.slice(0, TREES_MAX).map((trace) => renderTrace(trace, all, paint));
  const rest = [...undrawn(drawn), ...beside(ofOrders, drawn), ...ofNobody(all)];
  const lines = rest.flatMap((text) => wrapText(text, COLUMNS_MAX)).join('\n');
  return [...listed(drawn), ...trees, ...(lines === '' ? [] : [lines])].join('\n\n').concat('\n');
}

/**
 * The traces that begin with a request of a client; all traces when no client was recorded. A
 * participant in doubt polls in many traces of its own.
 */
export function clientsTraces(traces: readonly RecordedTrace[]): readonly RecordedTrace[] {
  const own = traces.filter(({ spans }) => spans.some(({ process }) => process === 'client'));
  return own.length > 0 ? own : traces;
}

function listed(drawn: readonly RecordedTrace[]): string[] {
  if (drawn.length <= 1) return [];
  const lines = drawn.slice(0, LISTED_MAX).map(summaryOf);
  const more = drawn.length - lines.length;
  return [[...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')];
}

function undrawn(drawn: readonly RecordedTrace[]): string[] {
  if (drawn.length === 0) return ['no trace of this run works for an order.'];
  const more = drawn.length - TREES_MAX;
  return more <= 0 ? [] : [`${more} more trees are left out: --order A draws those of one order.`];
}

function beside(ofOrders: readonly RecordedTrace[], drawn: readonly RecordedTrace[]): string[] {
  const others = ofOrders.filter((trace) => !drawn.includes(trace));
  if (others.length === 0) return [];
  const byName = Map.groupBy(others, ({ spans }) => spans[0]?.name ?? '?');
  const names = [...byName].map(([name, traces]) => `${name} (${count(traces.length, 'trace')})`);
  return [`beside them: ${names.join(', ')}`];
}

function ofNobody(all: readonly RecordedTrace[]): string[] {
  const others = all.filter(({ orders }) => orders.length === 0).length;
  if (others === 0) return [];
  const work = `${count(others, 'trace')} ${others === 1 ? 'works' : 'work'} for no single order`;
  return [`${work} (reads, batches, timers): --json has all traces.`];
}
