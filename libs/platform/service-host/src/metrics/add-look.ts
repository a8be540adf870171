import { setTimeout as wait } from 'node:timers/promises';
import { addMetrics, type Metric } from '@indoubt/http';

/** What was seen is told again for this long: more lookers cost no more looks. */
const KEPT_MS = 1_000;
/** Below any scrape's own patience: the other metrics must not wait for one that hangs. */
const WITHIN_MS = 500;
/** What came too late is told for so long after it was asked: Prometheus asks once a minute. */
const LATE_MS = 120_000;

const failures = new Map<string, number>();

interface Seen {
  metrics: Metric[];
  askedAt: number;
  isTold: boolean;
}

/**
 * Adds metrics that somebody else has to be asked for: a database, a broker. Asked once a second at
 * most, one question at a time, and not waited for longer than half a second: who reads /metrics
 * can load nobody. An answer that came too late for its looker is told to the next one, once, with
 * its age: a database that is merely slow is then watched all the same. What could not be seen is
 * left out, and counted; an old value told as the present one would hide the outage.
 * @param what  the name of the look, for its failures and its age
 * @returns what takes it out again
 */
export function addLook(what: string, look: () => Promise<Metric[]>): () => void {
  let underWay: Promise<void> | undefined;
  let seen: Seen | undefined;
  let until = Number.NEGATIVE_INFINITY;
  failures.set(what, 0);

  async function begin(): Promise<void> {
    const askedAt = performance.now();
    // What was told is past; what nobody has heard yet stays for whom this look fails to serve.
    if (seen?.isTold === true) seen = undefined;
    try {
      seen = { metrics: await look(), askedAt, isTold: false };
    } catch {
      // Counted by each who waited for it; why it failed is in the log of whatever else it fails.
      seen = undefined;
    }
    until = performance.now() + KEPT_MS;
    underWay = undefined;
  }

  /** The answer of now, or one that is late and that nobody has been told. */
  function toTell(): Seen | undefined {
    if (seen === undefined || underWay === undefined) return seen;
    const isTooOld = performance.now() - seen.askedAt > LATE_MS;
    return seen.isTold || isTooOld ? undefined : seen;
  }

  return addMetrics(async () => {
    if (performance.now() >= until) {
      underWay ??= begin();
      await within(underWay);
    }
    const telling = toTell();
    if (telling === undefined) {
      failures.set(what, (failures.get(what) ?? 0) + 1);
      return [failed(what)];
    }
    telling.isTold = true;
    return [...telling.metrics, age(what, telling), failed(what)];
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

function age(what: string, { askedAt }: Seen): Metric {
  return {
    name: 'metrics_look_age_seconds',
    help: 'Since what is told here of this look was asked',
    kind: 'gauge',
    samples: [{ labels: { what }, value: (performance.now() - askedAt) / 1_000 }],
  };
}

function failed(what: string): Metric {
  return {
    name: 'metrics_looks_failed_total',
    help: 'Times that something could not be looked at for these metrics, by what it was',
    kind: 'counter',
    samples: [{ labels: { what }, value: failures.get(what) ?? 0 }],
  };
}
