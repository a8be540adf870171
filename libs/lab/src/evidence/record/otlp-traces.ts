import type { RecordLine } from '@indoubt/record';

type SpanLine = Extract<RecordLine, { kind: 'span-start' | 'span-end' }>;

/** A span of the record; `endedAt` is null when its process died first. Epoch milliseconds. */
export interface RecordedSpan {
  /** Its last line, and its parent, which only the first one names. */
  line: SpanLine & { parentSpanId?: string | undefined };
  endedAt: number | null;
  failed: string | null;
}

/** Joins starts and ends. A span that started and never ended is how a crash looks. */
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

/** A span as it is sent: one that never ended ends here where its process did. */
export interface SentSpan extends Pick<RecordedSpan, 'line'> {
  /** Epoch milliseconds. */
  endedAt: number;
  /** Why it failed; null when it did not. */
  problem: string | null;
  attributes: Record<string, unknown>;
}

/** Every span of the record, whichever way it is sent. Pure. */
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

/** When each process died of a fault, by its pid. */
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

/** Milliseconds with a fraction to whole nanoseconds; microseconds are what the clock can tell. */
function nanoseconds(epochMs: number): string {
  return `${BigInt(Math.round(epochMs * 1_000)) * 1_000n}`;
}

const SEND_WITHIN_MS = 5_000;
/** Some 600 bytes each, far below the 20 MiB that Jaeger takes; what its queue of 2,000 bears. */
const BATCH_SPANS_MAX = 500;

/** Sends spans to an OTLP/HTTP receiver, in batches. @throws when it does not take one of them */
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
