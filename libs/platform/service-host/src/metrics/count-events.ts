import { Counter, Histogram, removeMetrics } from '@indoubt/http';
import { onRecord, type RecordEvent } from '@indoubt/record';
import { EVENT_METRICS, type EventMetric } from './event-metrics.ts';
import { createSagaTimes } from './saga-times.ts';

/** From the time of a local transaction to that of a saga with many retries. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface Counting {
  /** Called only for events with the name of the metric's event. */
  add(event: RecordEvent): void;
  metrics: object[];
}

/**
 * Counts the protocol events of this process from now on. An event that is not counted costs one
 * look-up in a map.
 * @param process  its name: each process counts its own events
 * @returns a function that ends the counting and removes the metrics
 */
export function countEvents(process: string): () => void {
  const definitions = EVENT_METRICS.filter(({ by }) => isOneOf(by, process));
  const countings = definitions.map((each) => ({ event: each.event, ...countingOf(each) }));
  const byEvent = Map.groupBy(countings, ({ event }) => event);
  const sagas = isOneOf(['order'], process) ? sagaCounting() : undefined;
  const endListening = onRecord((event) => {
    for (const counting of byEvent.get(event.event) ?? []) counting.add(event);
    sagas?.add(event);
  });
  return () => {
    endListening();
    removeMetrics([...countings, ...(sagas === undefined ? [] : [sagas])].flatMap(metricsOf));
  };
}

function isOneOf(names: readonly string[], process: string): boolean {
  return names.some((name) => process === name || process.startsWith(`${name}-`));
}

const metricsOf = ({ metrics }: Counting) => metrics;

function countingOf({ name, help, labelNames, labels, known, tookMs }: EventMetric): Counting {
  if (tookMs === undefined) {
    const counter = new Counter<string>({ name, help, labelNames });
    for (const each of known ?? []) counter.inc(each, 0);
    return { metrics: [counter], add: (event) => counter.inc(labels(event)) };
  }
  const histogram = durations(name, help, labelNames);
  return {
    metrics: [histogram],
    add(event) {
      const ms = tookMs(event);
      if (ms !== null) histogram.observe(labels(event), ms / 1_000);
    },
  };
}

function sagaCounting(): Counting {
  const steps = durations(
    'saga_step_duration_seconds',
    'From the command of a step or undo to its outcome: done, refused or expired',
    ['step', 'outcome'],
  );
  const sagas = durations(
    'saga_duration_seconds',
    'From the start of a saga to its end, by its final status',
    ['status'],
  );
  const times = createSagaTimes({
    step: (labels, seconds) => steps.observe(labels, seconds),
    saga: (labels, seconds) => sagas.observe(labels, seconds),
  });
  return { metrics: [steps, sagas], add: times };
}

function durations(name: string, help: string, labelNames: string[]): Histogram<string> {
  return new Histogram<string>({ name, help, labelNames, buckets: BUCKETS_SECONDS });
}
