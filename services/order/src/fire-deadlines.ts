import { failpoint } from '@indoubt/chaos';
import { autocommit, type Pool, type Tx, withTransaction } from '@indoubt/database';
import { type Log, type Repeating, runEvery } from '@indoubt/http';
import type { Orchestrator } from '@indoubt/saga';

/** Sagas in one transaction. */
const SAGAS_MAX = 50;

/**
 * Fires the durable timers of sagas. The copy of this service that polls first handles a due saga.
 * A timer that became due while all copies were down fires after a restart.
 */
export function runDeadlines(
  pool: Pool,
  sagas: Pick<Orchestrator<unknown>, 'anyDue' | 'fireDeadlines'>,
  log: Log,
  everyMs: number,
): Repeating {
  return runEvery(
    everyMs,
    async () => {
      while (await sagas.anyDue(autocommit(pool))) {
        const fired = await withTransaction(pool, (tx) => fire(sagas, tx));
        if (fired === 0) break; // another copy of this service has the due sagas locked
        await failpoint('expired-not-continued');
      }
    },
    (error) => log.warn({ err: error }, 'deadlines could not be fired; will try again'),
  );
}

async function fire(sagas: Pick<Orchestrator<unknown>, 'fireDeadlines'>, tx: Tx): Promise<number> {
  const fired = await sagas.fireDeadlines(tx, SAGAS_MAX);
  if (fired > 0) await failpoint('expired-not-committed');
  return fired;
}
