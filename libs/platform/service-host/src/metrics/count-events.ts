import { addMetrics, type Metric } from '@indoubt/http';
import { type EventName, onRecord, type RecordEvent } from '@indoubt/record';
import { EVENT_METRICS, type EventMetric } from './event-metrics.ts';
import { createSagaTimes } from './saga-times.ts';
import { BOUNDS_SECONDS, createSpread, createTally } from './tally.ts';

interface Counting {
  event: EventName;
  add(event: RecordEvent): void;
  metric(): Metric;
}

/**
 * Counts this process's protocol events from now on. An event costs one look into a map, and one
 * that is counted a few more: far below what writing it down costs.
 * @param process  its name: each counts what it does itself
 * @returns what ends it
 */
export function countEvents(process: string): () => void {
  const countings = EVENT_METRICS.filter(({ by }) => isOneOf(by, process)).map(countingOf);
  const byEvent = Map.groupBy(countings, ({ event }) => event);
  const times = isOneOf(['order'], process) ? createSagaTimes() : undefined;
  const endListening = onRecord((event) => {
    for (const counting of byEvent.get(event.event) ?? []) counting.add(event);
    times?.add(event);
  });
  const endTelling = addMetrics(() => [
    ...countings.map((counting) => counting.metric()),
    ...(times?.metrics() ?? []),
  ]);
  return () => {
    endListening();
    endTelling();
  };
}

function isOneOf(names: readonly string[], process: string): boolean {
  return names.some((name) => process === name || process.startsWith(`${name}-`));
}

function countingOf({ name, help, event, labels, known, tookMs }: EventMetric): Counting {
  if (tookMs === undefined) {
    const tally = createTally(known);
    return {
      event,
      add: (each) => tally.add(labels(each)),
      metric: () => ({ name, help, kind: 'counter', samples: tally.samples() }),
    };
  }
  const spread = createSpread();
  const bounds = BOUNDS_SECONDS;
  return {
    event,
    add(each) {
      const ms = tookMs(each);
      if (typeof ms === 'number') spread.add(labels(each), ms / 1_000);
    },
    metric: () => ({ name, help, kind: 'histogram', bounds, samples: spread.samples() }),
  };
}
