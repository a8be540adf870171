import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { count } from '../../text/count.ts';
import { duration } from '../../text/duration.ts';
import { shortId } from '../../text/order-label.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { lastWords } from '../sequence/http-steps.ts';
import { endOf, isOutboxWait } from './find-gaps.ts';
import type { RecordedTrace, TracedSpan } from './read-traces.ts';
import { type TraceRow, traceRows } from './trace-rows.ts';

const TIME_WIDTH = 8; // "+12.3 s"
const BAR_WIDTH = 12;
const PROCESS_WIDTH = 15; // relay-inventory
const HEAD_WIDTH = TIME_WIDTH * 2 + BAR_WIDTH + PROCESS_WIDTH + 5;
const NAME_WIDTH = COLUMNS_MAX - HEAD_WIDTH;
/** Minimum width of a span name in a deep tree. */
const NAME_WIDTH_MIN = 30;

/**
 * Renders a trace as a tree: start, duration and position of each span. Waits in the outbox are
 * hatched, gaps have a line of their own, and a failure, a death or a repetition is named. At most
 * 100 columns.
 * @param all  all traces of the run
 */
export function renderTrace(
  trace: RecordedTrace,
  all: readonly RecordedTrace[],
  paint: Paint,
): string {
  const rows = traceRows(trace, all).flatMap((row) => rowLines(row, trace, all, paint));
  return [paint.bold(summaryOf(trace)), ...rows].join('\n');
}

/** One line about a trace, for its head and for lists. */
export function summaryOf({ traceId, orders, spans, startMs, endMs }: RecordedTrace): string {
  const failed = spans.filter(({ error }) => error !== null).length;
  const died = spans.filter(({ notes }) => notes.includes('died here')).length;
  const whose = orders.length === 0 ? '' : ` · order ${listed(orders)}`;
  const facts = [
    `${count(spans.length, 'span')} in ${duration(endMs - startMs)}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(died > 0 ? [`${died} died`] : []),
  ];
  return `trace ${traceId}${whose} · ${facts.join(', ')}`;
}

const LISTED_MAX = 4;

function listed(names: readonly string[]): string {
  const more = names.length - LISTED_MAX;
  const shown = names.slice(0, LISTED_MAX).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function rowLines(
  row: TraceRow,
  trace: RecordedTrace,
  all: readonly RecordedTrace[],
  paint: Paint,
): string[] {
  const { branch } = row;
  if (row.kind === 'gap') {
    const { fromMs, untilMs } = row.gap;
    const took = duration(untilMs - fromMs);
    const text = `${branch}(nothing runs for ${took})`;
    return [paint.yellow(`${head(fromMs - trace.startMs, took, '', '')} ${text}`.trimEnd())];
  }
  if (row.kind === 'shared') {
    const { span, traceId } = row.shared;
    const text = `${branch}⇄ ${span.name}, one of ${span.links.length}: ${shortId(traceId)}`;
    const times = head(span.startMs - trace.startMs, tookOf(span), '', span.process);
    return [paint.dim(`${times} ${text.slice(0, NAME_WIDTH)}`)];
  }
  return spanLines(row.span, branch, trace, all, paint);
}

function spanLines(
  span: TracedSpan,
  branch: string,
  trace: RecordedTrace,
  all: readonly RecordedTrace[],
  paint: Paint,
): string[] {
  const tree = branch.slice(0, NAME_WIDTH - NAME_WIDTH_MIN);
  const width = NAME_WIDTH - tree.length;
  const says = saidOf(span, all);
  const name = says === '' ? span.name : `${markOf(span)} ${span.name}`;
  const times = head(span.startMs - trace.startMs, tookOf(span), barOf(span, trace), span.process);
  const colour = colourOf(span, paint);
  const whole = says === '' ? name : `${name}: ${says}`;
  if (whole.length <= width) return [`${times} ${tree}${colour(whole)}`];
  const under = ' '.repeat(HEAD_WIDTH) + tree.replaceAll('├ ', '│ ').replaceAll('└ ', '  ');
  const further = wrapText(says, width - 2).slice(0, LINES_MAX);
  return [
    `${times} ${tree}${colour(name.slice(0, width))}`,
    ...(says === '' ? [] : further.map((text) => colour(`${under}  ${text}`))),
  ];
}

/** The facts about a span beyond its times. */
function saidOf(span: TracedSpan, all: readonly RecordedTrace[]): string {
  const error = span.error === null ? [] : [lastWords(span.error)];
  return [...span.notes, ...error, ...linksOf(span, all)].join('; ');
}

const LINES_MAX = 3;

function markOf({ error, notes }: TracedSpan): string {
  if (error !== null || notes.includes('died here')) return '✗';
  return notes.length > 0 ? '↻' : '⇄';
}

function colourOf(span: TracedSpan, paint: Paint): (text: string) => string {
  if (markOf(span) === '✗') return paint.red;
  if (span.notes.length > 0) return paint.yellow;
  return isOutboxWait(span) ? paint.dim : (text) => text;
}

/** The traces and orders that a shared span comes from. */
function linksOf({ links }: TracedSpan, all: readonly RecordedTrace[]): string[] {
  if (links.length === 0) return [];
  const ids = new Set(links.map(({ traceId }) => traceId));
  const orders = all.filter(({ traceId }) => ids.has(traceId)).flatMap((trace) => trace.orders);
  const whose = orders.length === 0 ? '' : `: order ${listed([...new Set(orders)])}`;
  return [`shared by ${links.length}${whose}`];
}

function head(offsetMs: number, took: string, bar: string, process: string): string {
  return [
    `+${duration(Math.max(0, offsetMs))}`.padStart(TIME_WIDTH),
    took.padStart(TIME_WIDTH),
    ` ${bar.padEnd(BAR_WIDTH)}`,
    process.slice(0, PROCESS_WIDTH).padEnd(PROCESS_WIDTH),
  ].join(' ');
}

function tookOf({ startMs, endMs }: TracedSpan): string {
  return endMs === null ? '?' : duration(endMs - startMs);
}

/** The bar of a span: full for work, hatched for a wait in the outbox. */
function barOf(span: TracedSpan, { startMs, endMs }: RecordedTrace): string {
  const scale = BAR_WIDTH / Math.max(1, endMs - startMs);
  const from = Math.min(BAR_WIDTH - 1, Math.floor((span.startMs - startMs) * scale));
  const until = Math.ceil((endOf(span) - startMs) * scale);
  const length = Math.min(BAR_WIDTH, Math.max(from + 1, until)) - from;
  const filled = (isOutboxWait(span) ? '░' : '█').repeat(length);
  return ' '.repeat(from) + (span.endMs === null ? `${filled.slice(0, -1)}✗` : filled);
}
