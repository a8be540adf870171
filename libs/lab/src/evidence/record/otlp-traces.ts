import type { RecordLine } from '@indoubt/record';

type SpanLine = Extract<RecordLine, { kind: 'span-start' | 'span-end' }>;

/** A span of the record. `endedAt` is null when its process died first. Epoch milliseconds. */
export interface RecordedSpan {
  /** The last line of the span, with the parent, which only the first line names. */
  line: SpanLine & { parentSpanId?: string | undefined };
  endedAt: number | null;
  failed: string | null;
}

/** Joins the start and end lines of spans. A span without an end belongs to a process that died. */
export function spansOf(lines: readonly RecordLine[]): RecordedSpan[] {
  const spans = new Map<string, RecordedSpan>();
  for (const line of lines) {
    if (line.kind === 'event') continue;
    const key = `${line.traceId}/${line.spanId}`;
    const started = spans.get(key)?.line;
    const parent = started?.kind === 'span-start' ? started.parentSpanId : undefined;
    if (line.kind === 'span-start') spans.set(key, { line, endedAt: null, failed: null });
    else {
      const whole = { ...line, ...(parent !== undefined && { parentSpanId: parent }) };
      spans.set(key, { line: whole, endedAt: line.endedAt, failed: line.failed ?? null });
    }
  }
  return [...spans.values()];
}

/** A span as it is exported. A span without an end is ended at the death of its process. */
export interface SentSpan extends Pick<RecordedSpan, 'line'> {
  /** Epoch milliseconds. */
  endedAt: number;
  /** The error; null when the span did not fail. */
  problem: string | null;
  attributes: Record<string, unknown>;
}

/** All spans of the record, ready for every exporter. Pure. */
export function sentSpans(lines: readonly RecordLine[]): SentSpan[] {
  const lastAt = lines.reduce((last, line) => Math.max(last, line.at), 0);
  const deaths = deathsIn(lines);
  return spansOf(lines).map(({ line, endedAt, failed }) => {
    const died = endedAt === null;
    const lastSeenAt = Math.max(deaths.get(line.pid) ?? lastAt, line.startedAt);
    return {
      line,
      endedAt: endedAt ?? lastSeenAt,
      problem: died ? 'the process died before this span ended' : failed,
      attributes: {
        ...line.attributes,
        'process.pid': line.pid,
        ...(died && { 'in_doubt.process_died': true }),
      },
    };
  });
}

/** The time of death of each process that a fault killed, by pid. */
function deathsIn(lines: readonly RecordLine[]): Map<number, number> {
  const deaths = new Map<number, number>();
  for (const line of lines) {
    if (line.kind !== 'event' || line.event !== 'failpoint-hit') continue;
    if (line['action'] === 'crash' && !deaths.has(line.pid)) deaths.set(line.pid, line.at);
  }
  return deaths;
}

const STATUS_ERROR = 2;

/**
 * Spans as an OTLP/HTTP request body in JSON.
 * @see opentelemetry.io/docs/specs/otlp (JSON: ids in hex, nanoseconds as decimal strings, SpanKind
 *   + 1)
 */
export function otlpRequest(spans: readonly SentSpan[]): object {
  const byProcess = Map.groupBy(spans, ({ line }) => line.process);
  return {
    resourceSpans: [...byProcess].map(([name, own]) => ({
      resource: { attributes: attributesOf({ 'service.name': name }) },
      scopeSpans: [{ scope: { name: 'in-doubt' }, spans: own.map(otlpSpan) }],
    })),
  };
}

function otlpSpan({ line, endedAt, problem, attributes }: SentSpan): object {
  return {
    traceId: line.traceId,
    spanId: line.spanId,
    ...('parentSpanId' in line && { parentSpanId: line.parentSpanId }),
    name: line.name,
    kind: line.spanKind + 1,
    startTimeUnixNano: nanoseconds(line.startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: attributesOf(attributes),
    links: line.links ?? [],
    ...(problem !== null && { status: { code: STATUS_ERROR, message: problem } }),
  };
}

function attributesOf(values: Record<string, unknown>): object[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (value === undefined || value === null) return [];
    return [{ key, value: anyValue(value) }];
  });
}

function anyValue(value: unknown): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value !== 'number') return { stringValue: String(value) };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/**
 * Converts fractional milliseconds to whole nanoseconds; the resolution of the clock is a
 * microsecond.
 */
function nanoseconds(epochMs: number): string {
  return `${BigInt(Math.round(epochMs * 1_000)) * 1_000n}`;
}

const SEND_WITHIN_MS = 5_000;
/**
 * A span has about 600 bytes, so a batch is far below the 20 MiB limit of Jaeger and fits its queue
 * of 2,000 spans.
 */
const BATCH_SPANS_MAX = 500;

/**
 * Sends spans to an OTLP/HTTP receiver, in batches.
 * @throws Error when the receiver refuses a batch
 */
export async function sendByOtlp(otlpUrl: string, spans: readonly SentSpan[]): Promise<void> {
  for (let from = 0; from < spans.length; from += BATCH_SPANS_MAX) {
    const response = await fetch(new URL('/v1/traces', otlpUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(otlpRequest(spans.slice(from, from + BATCH_SPANS_MAX))),
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
  }
}
