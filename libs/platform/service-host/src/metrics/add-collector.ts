import { setTimeout as wait } from 'node:timers/promises';
import { beforeScrape, Counter, Gauge, removeMetrics } from '@indoubt/http';

/** A snapshot is cached for this time, so that more scrapers cause no more queries. */
const CACHED_MS = 1_000;
/** Below the time-out of any scraper: the other metrics do not wait for a collector that hangs. */
const WITHIN_MS = 500;
/** The highest age at which a late snapshot is still given: Prometheus scrapes once a minute. */
const LATE_MS = 120_000;

const ages = new Gauge({
  name: 'metrics_collector_age_seconds',
  help: 'Age of the values of this collector',
  labelNames: ['collector'],
});
const errors = new Counter({
  name: 'metrics_collector_errors_total',
  help: 'Scrapes for which this collector had no values: it failed, or took too long',
  labelNames: ['collector'],
});

/** A gauge whose values are read from a snapshot. */
export interface CollectedGauge<T> {
  name: string;
  help: string;
  labelNames?: string[];
  values(snapshot: T): [labels: Record<string, string>, value: number][];
}

/**
 * Adds gauges whose values must be fetched: from a database, or from a broker. `collect` runs once
 * a second at most, never twice at the same time, and a scrape waits half a second for it at most.
 * A snapshot that comes later is given to the next scrape, once, with its age, so that a database
 * that is merely slow is still watched. Without a snapshot the gauges have no values, and the error
 * is counted: an old value given as the present one would hide an outage.
 * @param collector  its name in the metrics of its age and its errors
 * @returns a function that removes the gauges
 */
export function addCollector<T>(
  collector: string,
  collect: () => Promise<T>,
  definitions: readonly CollectedGauge<T>[],
): () => void {
  const snapshots = createSnapshots(collect);
  const gauges = definitions.map(({ name, help, labelNames = [], values }) => {
    return { gauge: new Gauge<string>({ name, help, labelNames }), values };
  });
  errors.inc({ collector }, 0);
  const endRefresh = beforeScrape(async () => {
    const snapshot = await snapshots.next();
    for (const { gauge } of gauges) clear(gauge);
    if (snapshot === undefined) {
      ages.remove({ collector });
      errors.inc({ collector });
      return;
    }
    ages.set({ collector }, (performance.now() - snapshot.startedAt) / 1_000);
    for (const { gauge, values } of gauges) {
      for (const [labels, value] of values(snapshot.result)) gauge.set(labels, value);
    }
  });
  return () => {
    endRefresh();
    ages.remove({ collector });
    errors.remove({ collector });
    removeMetrics(gauges.map(({ gauge }) => gauge));
  };
}

/** `reset` sets a gauge without labels to 0: it must have no value at all. */
function clear(gauge: Gauge<string>): void {
  gauge.reset();
  gauge.remove({});
}

interface Snapshot<T> {
  result: T;
  startedAt: number;
  isDelivered: boolean;
}

function createSnapshots<T>(collect: () => Promise<T>) {
  let running: Promise<void> | undefined;
  let latest: Snapshot<T> | undefined;
  let cachedUntil = Number.NEGATIVE_INFINITY;

  async function run(): Promise<void> {
    const startedAt = performance.now();
    // A late snapshot that no scrape has received is retained: this run may be late as well.
    if (latest?.isDelivered === true) latest = undefined;
    try {
      latest = { result: await collect(), startedAt, isDelivered: false };
    } catch {
      // Each scrape counts the error. Requests fail for the same reason, and log it.
      latest = undefined;
    }
    cachedUntil = performance.now() + CACHED_MS;
    running = undefined;
  }

  /** The snapshot of the last run, or a late snapshot that no scrape has received. */
  function deliverable(): Snapshot<T> | undefined {
    if (latest === undefined || running === undefined) return latest;
    const isTooOld = performance.now() - latest.startedAt > LATE_MS;
    return latest.isDelivered || isTooOld ? undefined : latest;
  }

  return {
    /** @returns undefined when `collect` failed or has taken too long */
    async next(): Promise<Snapshot<T> | undefined> {
      if (performance.now() >= cachedUntil) {
        running ??= run();
        await within(running);
      }
      const snapshot = deliverable();
      if (snapshot !== undefined) snapshot.isDelivered = true;
      return snapshot;
    },
  };
}

async function within(work: Promise<void>): Promise<void> {
  const timeout = new AbortController();
  const late = wait(WITHIN_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  timeout.abort();
}
