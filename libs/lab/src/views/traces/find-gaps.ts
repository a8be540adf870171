import type { RecordedTrace, TracedSpan } from './read-traces.ts';

/** A time in which nothing of a trace ran. Milliseconds since the run's first request. */
export interface Gap {
  fromMs: number;
  untilMs: number;
}

/** Shorter ones are the ordinary price of a message or a request. */
const GAP_MS = 5;

export function isOutboxWait({ name }: TracedSpan): boolean {
  return name.startsWith('outbox wait ');
}

/**
 * The times in which nothing of a trace ran, for whatever reason: Kafka delivers, a process is
 * dead. A wait in the outbox is no gap: it is a span of its own.
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
