import type { RecordLine } from '@indoubt/record';

type SpanLine = Extract<RecordLine, { kind: 'span-start' | 'span-end' }>;

/** A span of the record; `endedAt` is null when its process died first. Epoch milliseconds. */
export interface RecordedSpan {
  line: SpanLine;
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

const STATUS_ERROR = 2;

/**
 * The record as an OTLP/HTTP request body in JSON.
 * @see opentelemetry.io/docs/specs/otlp (JSON: ids in hex, nanoseconds as decimal strings, SpanKind
 *   + 1)
 */
export function otlpRequest(lines: readonly RecordLine[]): object {
  const lastAt = lines.reduce((last, line) => Math.max(last, line.at), 0);
  const byProcess = Map.groupBy(spansOf(lines), ({ line }) => line.process);
  return {
    resourceSpans: [...byProcess].map(([name, spans]) => ({
      resource: { attributes: attributesOf({ 'service.name': name }) },
      scopeSpans: [
        {
          scope: { name: 'in-doubt' },
          spans: spans.map((span) => otlpSpan(span, diedAt(lines, span.line.pid) ?? lastAt)),
        },
      ],
    })),
  };
}

function diedAt(lines: readonly RecordLine[], pid: number): number | undefined {
  return lines.find(
    (line) =>
      line.kind === 'event' &&
      line.event === 'failpoint-hit' &&
      line['action'] === 'crash' &&
      line.pid === pid,
  )?.at;
}

function otlpSpan({ line, endedAt, failed }: RecordedSpan, lastSeenAt: number): object {
  const died = endedAt === null;
  const message = died ? 'the process died before this span ended' : failed;
  return {
    traceId: line.traceId,
    spanId: line.spanId,
    ...('parentSpanId' in line && { parentSpanId: line.parentSpanId }),
    name: line.name,
    kind: line.spanKind + 1,
    startTimeUnixNano: nanoseconds(line.startedAt),
    endTimeUnixNano: nanoseconds(endedAt ?? Math.max(lastSeenAt, line.startedAt)),
    attributes: attributesOf({
      ...line.attributes,
      'process.pid': line.pid,
      ...(died && { 'in_doubt.process_died': true }),
    }),
    links: line.links ?? [],
    ...(message !== null && { status: { code: STATUS_ERROR, message } }),
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

const SEND_WITHIN_MS = 3_000;

/** Sends the record's spans to an OTLP/HTTP receiver. @returns null, or why it could not */
export async function forwardTraces(
  otlpUrl: string,
  lines: readonly RecordLine[],
): Promise<string | null> {
  try {
    const response = await fetch(new URL('/v1/traces', otlpUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(otlpRequest(lines)),
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
    });
    return response.ok ? null : `Jaeger answered ${response.status}`;
  } catch (error) {
    return `Jaeger did not answer: ${String(error)}`;
  }
}
