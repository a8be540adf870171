import { setTimeout as wait } from 'node:timers/promises';
import type { Queries } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { Decided, DecisionLog, LoggedTransaction } from './decision-log.ts';

/**
 * The decision log in Postgres. Each write is one statement that commits by itself and locks the
 * row of the epoch meanwhile. So the next coordinator's epoch waits for the write and sees it.
 * @param read queries of a pool with flushed commits, since the row is the commit point
 * @param lazy queries of a pool with synchronous_commit off, for end records that may be lost
 */
export function decisionLog(read: Queries, lazy: Queries): DecisionLog {
  let epoch = 0;
  const ended = inBatches((ids) => markEnded(lazy, ids));
  return {
    async takeEpoch() {
      epoch = await takeEpoch(read);
      return epoch;
    },
    begun: (transaction) => fenced(insertBegun(read, epoch, transaction)),
    decided: (transaction) => fenced(insertDecided(read, epoch, transaction)),
    ended,
    damaged: (id, decision, participant) => addDamage(read, epoch, id, decision, participant),
    open: () => readOpen(read),
    async read(id) {
      const rows = await readById(read, epoch, id);
      // While the epoch is current, exactly one row comes back. Its id is null if there is none.
      await fenced(Promise.resolve(rows));
      return rows.find((row) => row.id !== null);
    },
  };
}

/** @throws Failure 'superseded' without a row, since then the stored epoch is a newer one */
async function fenced(rows: Promise<unknown[]>): Promise<void> {
  if ((await rows).length > 0) return;
  const detail = 'Another coordinator has taken a newer epoch, and that coordinator decides now.';
  throw new Failure('superseded', detail);
}

async function takeEpoch(read: Queries): Promise<number> {
  const [row] = await read.query<{ epoch: number }>(
    `update coordinator_epoch set epoch = epoch + 1, taken_at = clock_timestamp()
     returning epoch`,
  );
  if (row === undefined) throw new Error('the coordinator_epoch table has lost its row');
  return row.epoch;
}

function insertBegun(
  read: Queries,
  epoch: number,
  { id, participants, traceparent }: Omit<Decided, 'decision' | 'reason'>,
): Promise<unknown[]> {
  return read.query(
    `with mine as (select epoch from coordinator_epoch where epoch = $2 for share)
     insert into transactions (id, participants, epoch, traceparent)
     select $1, $3, epoch, $4 from mine
     on conflict (id) do update set epoch = excluded.epoch
     returning id`,
    [id, epoch, participants, traceparent],
  );
}

/** A stored decision never changes: writing the opposite decision has no effect. */
function insertDecided(
  read: Queries,
  epoch: number,
  { id, participants, traceparent, decision, reason }: Decided,
): Promise<unknown[]> {
  return read.query(
    `with mine as (select epoch from coordinator_epoch where epoch = $2 for share)
     insert into transactions
       (id, participants, epoch, traceparent, decision, reason, decided_at)
     select $1, $3, epoch, $4, $5, $6, clock_timestamp() from mine
     on conflict (id) do update
        set decision = excluded.decision, participants = excluded.participants,
            reason = excluded.reason,
            decided_at = coalesce(transactions.decided_at, excluded.decided_at)
      where transactions.decision is null or transactions.decision = excluded.decision
     returning id`,
    [id, epoch, participants, traceparent, decision, reason],
  );
}

async function markEnded(lazy: Queries, ids: string[]): Promise<void> {
  await lazy.query('update transactions set ended_at = clock_timestamp() where id = any ($1)', [
    ids,
  ]);
}

const TOGETHER_WITHIN_MS = 50;

/** Writes end records in batches, since no caller needs an end record soon. */
function inBatches(write: (ids: string[]) => Promise<void>): (id: string) => Promise<void> {
  let batch: { ids: string[]; written: Promise<void> } | undefined;
  return (id) => {
    if (batch === undefined) {
      const ids: string[] = [];
      const written = wait(TOGETHER_WITHIN_MS).then(() => {
        batch = undefined;
        return write(ids);
      });
      batch = { ids, written };
    }
    batch.ids.push(id);
    return batch.written;
  };
}

/** Adds a participant to the damage. A presumed abort has no row yet, so it gets one here. */
async function addDamage(
  read: Queries,
  epoch: number,
  id: string,
  decision: Decided['decision'],
  participant: string,
): Promise<void> {
  await read.query(
    `insert into transactions (id, participants, epoch, decision, decided_at, ended_at, damage)
     values ($1, '{}', $2, $3, clock_timestamp(), clock_timestamp(), array[$4])
     on conflict (id) do update set damage = array_append(transactions.damage, $4)
      where not $4 = any (transactions.damage)`,
    [id, epoch, decision, participant],
  );
}

const LOGGED = 'id, decision, reason, participants, traceparent';

function readOpen(read: Queries): Promise<LoggedTransaction[]> {
  return read.query<LoggedTransaction>(
    `select ${LOGGED} from transactions where ended_at is null order by id`,
  );
}

function readById(read: Queries, epoch: number, id: string): Promise<LoggedTransaction[]> {
  return read.query<LoggedTransaction>(
    `select ${LOGGED} from coordinator_epoch left join transactions on id = $1 where $2 =
     coordinator_epoch.epoch`,
    [id, epoch],
  );
}
