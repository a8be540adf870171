import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Pool } from '@indoubt/database';
import { beforeScrape, Gauge, removeMetrics } from '@indoubt/http';

/** The period of the timer whose delay is measured. Milliseconds. */
const EVERY_MS = 20;
const NS_PER_MS = 1_000_000;

/**
 * Measures the delay of the event loop between two scrapes. The first scrape starts the measurement
 * and has no value: a process that is never scraped does not measure.
 */
export function measureLoop(): () => void {
  const delays = monitorEventLoopDelay({ resolution: EVERY_MS });
  const p99 = new Gauge({
    name: 'event_loop_delay_p99_seconds',
    help: '99th percentile of the delay of the event loop since the last scrape',
  });
  const max = new Gauge({
    name: 'event_loop_delay_max_seconds',
    help: 'Longest delay of the event loop since the last scrape',
  });
  const set = (gauge: Gauge, ns: number) => {
    if (delays.count === 0) gauge.remove();
    else gauge.set(Math.max(ns / NS_PER_MS - EVERY_MS, 0) / 1e3);
  };
  const endRefresh = beforeScrape(() => {
    delays.enable();
    set(p99, delays.percentile(99));
    set(max, delays.max);
    delays.reset();
  });
  return () => {
    endRefresh();
    delays.disable();
    removeMetrics([p99, max]);
  };
}

type MeasuredPool = Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'> & {
  options: { max: number };
};

/** Measures the use of the pool that serves requests and messages. */
export function measurePool(pool: MeasuredPool): () => void {
  const connections = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections to the database by state: busy or idle',
    labelNames: ['state'],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
    },
  });
  const max = new Gauge({
    name: 'database_pool_connections_max',
    help: 'Connections that the pool may open',
    collect() {
      this.set(pool.options.max);
    },
  });
  const waiting = new Gauge({
    name: 'database_pool_waiting',
    help: 'Requests for a connection that wait until one is free',
    collect() {
      this.set(pool.waitingCount);
    },
  });
  return () => removeMetrics([connections, max, waiting]);
}
