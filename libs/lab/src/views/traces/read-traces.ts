import type { RecordLine } from '@indoubt/record';
import type { RecordedSpan } from '../../evidence/record/otlp-traces.ts';
import { readStory, type Story } from '../sequence/read-story.ts';

/** One trace of a run. Times are milliseconds since the first request of the run. */
export interface RecordedTrace {
  traceId: string;
  /** Labels of the orders that its spans work for: usually one. */
  orders: string[];
  startMs: number;
  /** The end of its last span, as far as known. */
  endMs: number;
  /** Ordered by start. */
  spans: TracedSpan[];
}

export interface TracedSpan {
  spanId: string;
  /** Null for a root span. */
  parentSpanId: string | null;
  /** Links to spans of other traces that also led to this span. */
  links: { traceId: string; spanId: string }[];
  process: string;
  name: string;
  startMs: number;
  /** Null: its process died first, or the record ends first. */
  endMs: number | null;
  /** For a span without an end: the time of the last line of its process. */
  lastSeenMs: number;
  /** Null when the span did not fail. */
  error: string | null;
  attributes: RecordedSpan['line']['attributes'];
  /**
   * Facts beyond the attributes: that a message was sent again, that the process died, and so on.
   */
  notes: string[];
}

/** Pure. @param lines  the whole record, ordered by time */
export function readTraces(lines: readonly RecordLine[]): RecordedTrace[] {
  const story = readStory(lines);
  const spans = tracedSpans(lines, story);
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId);
  return [...byTrace]
    .map(([traceId, ofTrace]) => traceOf(traceId, ofTrace))
    .toSorted((one, other) => one.startMs - other.startMs);
}

interface Found {
  traceId: string;
  order: string | null;
  span: TracedSpan;
}

function traceOf(traceId: string, found: readonly Found[]): RecordedTrace {
  const spans = found.map(({ span }) => span).toSorted((one, other) => one.startMs - other.startMs);
  const orders = new Set(found.flatMap(({ order }) => order ?? []));
  return {
    traceId,
    orders: [...orders].toSorted(),
    startMs: Math.min(...spans.map(({ startMs }) => startMs)),
    endMs: Math.max(...spans.map(({ endMs, lastSeenMs }) => endMs ?? lastSeenMs)),
    spans,
  };
}

function tracedSpans(lines: readonly RecordLine[], story: Story): Found[] {
  const lastHeardOf = new Map(lines.map(({ pid, at }) => [pid, at]));
  const killed = killedPids(story);
  const isAgain = repetitions();
  const inTime = story.spans.toSorted((one, other) => one.line.startedAt - other.line.startedAt);
  return inTime.map((recorded): Found => {
    const { line, endedAt, failed } = recorded;
    const lastSeenAt = Math.max(lastHeardOf.get(line.pid) ?? 0, line.startedAt);
    const span: TracedSpan = {
      spanId: line.spanId,
      parentSpanId: line.parentSpanId ?? null,
      links: line.links ?? [],
      process: line.process,
      name: line.name,
      startMs: story.msOf(line.startedAt),
      endMs: endedAt === null ? null : story.msOf(endedAt),
      lastSeenMs: story.msOf(lastSeenAt),
      error: failed,
      attributes: line.attributes,
      notes: notesOn(recorded, killed, isAgain),
    };
    return { traceId: line.traceId, order: story.orderOfSpan(recorded), span };
  });
}

function killedPids({ events }: Story): ReadonlySet<number> {
  const deaths = events.filter(
    ({ line }) =>
      line.event === 'process-killed' ||
      (line.event === 'failpoint-hit' && line.action === 'crash'),
  );
  return new Set(deaths.map(({ line }) => line.pid));
}

function notesOn(
  { line, endedAt }: RecordedSpan,
  killed: ReadonlySet<number>,
  isAgain: ReturnType<typeof repetitions>,
): string[] {
  const resent = line.attributes['http.request.resend_count'];
  const notes: string[] = [];
  if (isAgain(line)) notes.push(line.spanKind === PRODUCER ? 'sent again' : 'delivered again');
  if (typeof resent === 'number') notes.push(`sent ${resent + 1} times`);
  if (endedAt === null) notes.push(killed.has(line.pid) ? 'died here' : 'not ended');
  return notes;
}

const PRODUCER = 3;
const CONSUMER = 4;

/** Whether the same process, possibly restarted, had this message before. */
function repetitions(): (line: RecordedSpan['line']) => boolean {
  const seen = new Set<string>();
  return ({ spanKind, process, attributes }) => {
    const id = attributes['messaging.message.id'];
    if ((spanKind !== PRODUCER && spanKind !== CONSUMER) || typeof id !== 'string') return false;
    const key = `${process} ${spanKind} ${id}`;
    const isKnown = seen.has(key);
    seen.add(key);
    return isKnown;
  };
}
