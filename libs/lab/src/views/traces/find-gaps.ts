import type { RecordedTrace, TracedSpan } from './read-traces.ts';

/**
 * A time in which no span of a trace was running. Milliseconds since the first request of the run.
 */
export interface Gap {
  fromMs: number;
  untilMs: number;
}

/** Shorter gaps are the normal latency of a message or request. */
const GAP_MS = 5;

export function isOutboxWait({ name }: TracedSpan): boolean {
  return name.startsWith('outbox wait ');
}

/**
 * The gaps of a trace, for instance while Kafka delivers or a process is dead. A wait in the outbox
 * is no gap, because it is a span.
 */
export function findGaps({ spans }: Pick<RecordedTrace, 'spans'>): Gap[] {
  const [first, ...rest] = spans;
  if (first === undefined) return [];
  const gaps: Gap[] = [];
  let reachedMs = endOf(first);
  for (const span of rest) {
    if (span.startMs - reachedMs >= GAP_MS) {
      gaps.push({ fromMs: reachedMs, untilMs: span.startMs });
    }
    reachedMs = Math.max(reachedMs, endOf(span));
  }
  return gaps;
}

export function endOf({ endMs, lastSeenMs }: TracedSpan): number {
  return endMs ?? lastSeenMs;
}
