import { autocommit, createPool, isSaturated, type Pool, type Queries } from '@indoubt/database';
import type { Listening, ProcessConfig, Ready, Route } from '@indoubt/http';
import { measurePool } from './metrics/measure-process.ts';
import { type Edge, openEdge } from './open-edge.ts';

/** The parts of a process with a database. */
export interface Process extends Pick<Edge, 'log'> {
  pool: Pool;
  /** Single statements, outside of any transaction. */
  read: Queries;
  /**
   * Serves these routes and those of every process; refuses requests while the pool is saturated.
   */
  serve(routes: readonly Route[], ready: Ready): Promise<Listening>;
}

/**
 * Opens the log, the record, the crash points, the HTTP edge and the database pool of a process.
 * @param connectionsMax of the database pool
 * @throws Failure 'invalid-config' (definite) when faults can be armed without a secret
 */
export async function openProcess(
  name: string,
  config: ProcessConfig,
  connectionsMax: number,
): Promise<Process> {
  const { log, serve } = await openEdge(name, config);
  const pool = createPool({ url: config.DATABASE_URL, name, connectionsMax });
  measurePool(pool);
  const shed = () => isSaturated(pool, config.POOL_WAITING_MAX);
  return {
    log,
    pool,
    read: autocommit(pool),
    serve: (routes, ready) => serve(routes, ready, shed),
  };
}
