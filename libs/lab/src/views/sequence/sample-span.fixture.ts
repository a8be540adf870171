import type { RecordLine } from '@indoubt/record';
import type { RecordedSpan } from '../../evidence/record/otlp-traces.ts';

interface Fields {
  process: string;
  /** Milliseconds since the first request. */
  startMs: number;
  /** Absent: the process died before the end of the span. */
  endMs?: number;
  spanId?: string;
  parentSpanId?: string;
  traceId?: string;
  pid?: number;
  spanKind?: number;
  attributes?: RecordedSpan['line']['attributes'];
  links?: { traceId: string; spanId: string }[];
  failed?: string;
}

const REQUESTED_AT = 1_700_000_000_000;
let count = 0;

/** The lines of one span, as a process writes them, for tests. */
export function spanLines(name: string, fields: Fields): RecordLine[] {
  count += 1;
  const { process, startMs, endMs, parentSpanId, failed } = fields;
  const startedAt = REQUESTED_AT + startMs;
  const span = {
    process,
    pid: fields.pid ?? 4711,
    traceId: fields.traceId ?? 'trace-a',
    spanId: fields.spanId ?? `span-${count}`,
    name,
    spanKind: fields.spanKind ?? 0,
    startedAt,
    attributes: fields.attributes ?? {},
    links: fields.links,
  };
  const start: RecordLine = { kind: 'span-start', ...span, at: startedAt, parentSpanId };
  if (endMs === undefined) return [start];
  const endedAt = REQUESTED_AT + endMs;
  return [start, { kind: 'span-end', ...span, at: endedAt, endedAt, failed }];
}

export function inTime(lines: readonly RecordLine[]): RecordLine[] {
  return lines.toSorted((one, other) => one.at - other.at);
}
