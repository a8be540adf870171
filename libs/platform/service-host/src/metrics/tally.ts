import type { Metric } from '@indoubt/http';

type Labels = Record<string, string>;
type Counter = Extract<Metric, { kind: 'counter' | 'gauge' }>;
type Histogram = Extract<Metric, { kind: 'histogram' }>;

/** Counts by labels: a plain number for each combination that was met. */
export interface Tally {
  /** @param labels  always the same names, in the same order */
  add(labels: Labels): void;
  samples(): Counter['samples'];
}

/** @param known  combinations that are told before they are met: a rate needs a zero to begin at */
export function createTally(known: readonly Labels[] = []): Tally {
  const counts = new Map<string, { labels: Labels; value: number }>();
  for (const labels of known) counts.set(keyOf(labels), { labels, value: 0 });
  return {
    add(labels) {
      const key = keyOf(labels);
      const one = counts.get(key);
      if (one === undefined) counts.set(key, { labels, value: 1 });
      else one.value += 1;
    },
    samples: () => [...counts.values()],
  };
}

/** Durations by labels, counted by range. */
export interface Spread {
  add(labels: Labels, seconds: number): void;
  samples(): Histogram['samples'];
}

/** From a local transaction to a saga that somebody had to be asked for again and again. */
export const BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createSpread(): Spread {
  const spreads = new Map<string, { labels: Labels; counts: number[]; sum: number }>();
  return {
    add(labels, seconds) {
      const key = keyOf(labels);
      let one = spreads.get(key);
      if (one === undefined) {
        one = { labels, counts: [...BOUNDS_SECONDS, Infinity].map(() => 0), sum: 0 };
        spreads.set(key, one);
      }
      const fits = BOUNDS_SECONDS.findIndex((bound) => seconds <= bound);
      const index = fits === -1 ? BOUNDS_SECONDS.length : fits;
      one.counts[index] = (one.counts[index] ?? 0) + 1;
      one.sum += seconds;
    },
    samples: () => [...spreads.values()],
  };
}

function keyOf(labels: Labels): string {
  return Object.values(labels).join('\0');
}
