import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Pool } from '@indoubt/database';
import { addMetrics, type Metric } from '@indoubt/http';
import { gauge } from './gauge.ts';

/** How often the loop is to come round: what it takes longer is its delay. Milliseconds. */
const EVERY_MS = 20;
const NS_PER_MS = 1_000_000;

/**
 * Tells how late this process is with what is due, since the last look. The first look begins to
 * measure and has nothing to tell: a process that nobody looks at does not measure.
 */
export function measureLoop(): () => void {
  const delays = monitorEventLoopDelay({ resolution: EVERY_MS });
  const told = (name: string, what: string, ns: number): Metric => {
    const seconds = Math.max(ns / NS_PER_MS - EVERY_MS, 0) / 1e3;
    const help = `${what} delay of the event loop since the last look`;
    return gauge(name, help, delays.count === 0 ? [] : [[{}, seconds]]);
  };
  return addMetrics(() => {
    delays.enable();
    const metrics = [
      told('event_loop_delay_p99_seconds', '99th percentile of the', delays.percentile(99)),
      told('event_loop_delay_max_seconds', 'Longest', delays.max),
    ];
    delays.reset();
    return metrics;
  });
}

type Watched = Pick<Pool, 'totalCount' | 'idleCount' | 'waitingCount'> & {
  options: { max: number };
};

/** Tells how much of the pool that serves requests and messages is in use. */
export function measurePool(pool: Watched): () => void {
  return addMetrics(() => [
    gauge('database_pool_connections', 'Connections to the database, by what they do', [
      [{ state: 'busy' }, pool.totalCount - pool.idleCount],
      [{ state: 'idle' }, pool.idleCount],
    ]),
    gauge('database_pool_connections_max', 'Connections that the pool may open', [
      [{}, pool.options.max],
    ]),
    gauge('database_pool_waiting', 'Pieces of work that wait for a connection', [
      [{}, pool.waitingCount],
    ]),
  ]);
}
