import { setTimeout as wait } from 'node:timers/promises';
import { addMetrics, type Metric } from '@indoubt/chassis';

/** What was seen is told again for this long: more lookers cost no more looks. */
const KEPT_MS = 1_000;
/** Below any scrape's own patience: the other metrics must not wait for one that hangs. */
const WITHIN_MS = 500;

const failures = new Map<string, number>();

/**
 * Adds metrics that somebody else has to be asked for: a database, a broker. Asked once a second at
 * most, one question at a time, and not waited for longer than half a second: who reads /metrics
 * can load nobody. What could not be seen is left out, and counted; an old value told as the
 * present one would hide the outage.
 * @param what  the name of the look, for its failures
 * @returns what takes it out again
 */
export function addLook(what: string, look: () => Promise<Metric[]>): () => void {
  let underWay: Promise<void> | undefined;
  let seen: Metric[] | undefined;
  let until = Number.NEGATIVE_INFINITY;
  failures.set(what, 0);

  async function begin(): Promise<void> {
    seen = undefined;
    try {
      seen = await look();
    } catch {
      // Counted by each who waited for it; why it failed is in the log of whatever else it fails.
    }
    until = performance.now() + KEPT_MS;
    underWay = undefined;
  }

  return addMetrics(async () => {
    if (performance.now() >= until) {
      underWay ??= begin();
      await within(underWay);
    }
    const isSeen = underWay === undefined && seen !== undefined;
    if (!isSeen) failures.set(what, (failures.get(what) ?? 0) + 1);
    return [...(isSeen ? (seen ?? []) : []), failed(what)];
  });
}

/** Waits for it, but not for long. */
async function within(work: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const { signal } = patience;
  const late = wait(WITHIN_MS, undefined, { signal }).catch(() => undefined);
  await Promise.race([work, late]);
  patience.abort();
}

function failed(what: string): Metric {
  return {
    name: 'metrics_looks_failed_total',
    help: 'Times that something could not be looked at for these metrics, by what it was',
    kind: 'counter',
    samples: [{ labels: { what }, value: failures.get(what) ?? 0 }],
  };
}
