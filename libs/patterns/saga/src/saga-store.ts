import type { Queries, Tx } from '@indoubt/database';
import type { Advance, Progress } from './advance.ts';

/** A stored saga. Its commands are built from `data`. */
export interface SagaRow<Data> {
  id: string;
  /** The order id, and the key of all messages of the saga. */
  key: string;
  progress: Progress;
  data: Data;
  /** The trace in which the saga was started. Its timers continue the trace. */
  traceparent: string | null;
}

export function insertSaga<Data>(
  tx: Tx,
  name: string,
  saga: SagaRow<Data>,
  waitMs: number | null,
): void {
  const { status, awaiting, attempts, reason } = saga.progress;
  tx.write(
    `insert into sagas (id, name, key, status, awaiting, attempts, reason, data, deadline_at,
                        traceparent)
     values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + $9 * interval '1 ms', $10)`,
    [
      saga.id,
      name,
      saga.key,
      status,
      awaiting,
      attempts,
      reason,
      saga.data,
      waitMs,
      saga.traceparent,
    ],
  );
}

export function updateSaga(tx: Tx, id: string, { progress, waitMs }: Advance): void {
  const { status, awaiting, attempts, reason } = progress;
  tx.write(
    `update sagas
        set status = $2, awaiting = $3, attempts = $4, reason = $5,
            deadline_at = clock_timestamp() + $6 * interval '1 ms',
            ended_at = case when $3::text is null then clock_timestamp() end
      where id = $1`,
    [id, status, awaiting, attempts, reason, waitMs],
  );
}

interface StoredSaga<Data> extends Progress {
  id: string;
  key: string;
  data: Data;
  traceparent: string | null;
}

/** Locks the saga until the transaction ends, so that answers and timers are handled in turn. */
export async function lockSaga<Data>(tx: Tx, id: string): Promise<SagaRow<Data> | undefined> {
  const [row] = await tx.query<StoredSaga<Data>>(
    `select id, key, status, awaiting, attempts, reason, data, traceparent
       from sagas where id = $1 for update`,
    [id],
  );
  return row && toSaga(row);
}

export async function isAnySagaDue(tx: Queries, name: string): Promise<boolean> {
  const rows = await tx.query(
    'select from sagas where name = $1 and deadline_at <= clock_timestamp() limit 1',
    [name],
  );
  return rows.length > 0;
}

/** Sagas that wait for the same answer. */
export interface OpenSagas {
  /** The step or undo that was commanded. */
  awaiting: string;
  /** Number of these sagas among the 10,000 oldest open sagas. */
  count: number;
  /** Milliseconds since the oldest of these sagas was started. */
  oldestMs: number;
}

/** Bounds the cost of the query. */
const COUNTED_MAX = 10_000;

/**
 * Reads the open sagas. Exactly the open sagas have a deadline. If there are more than COUNTED_MAX,
 * the oldest are counted. An order by deadline would be wrong: a stuck saga is retried, and so has
 * a late deadline.
 */
export function readOpenSagas(read: Queries, name: string): Promise<OpenSagas[]> {
  return read.query<OpenSagas>(
    `select awaiting, count(*)::int as count,
            (1000 * extract(epoch from clock_timestamp() - min(started_at)))::float8 as "oldestMs"
       from (select awaiting, started_at from sagas
              where name = $1 and deadline_at is not null order by started_at limit $2) as open
      group by awaiting`,
    [name, COUNTED_MAX],
  );
}

/** Locks sagas whose deadline has passed and that no other copy of the service has locked. */
export async function lockDueSagas<Data>(
  tx: Tx,
  name: string,
  rowsMax: number,
): Promise<SagaRow<Data>[]> {
  const rows = await tx.query<StoredSaga<Data>>(
    `select id, key, status, awaiting, attempts, reason, data, traceparent
       from sagas where name = $1 and deadline_at <= clock_timestamp()
      order by deadline_at limit $2 for update skip locked`,
    [name, rowsMax],
  );
  return rows.map(toSaga);
}

function toSaga<Data>(row: StoredSaga<Data>): SagaRow<Data> {
  const { id, key, data, traceparent, status, awaiting, attempts, reason } = row;
  return { id, key, data, traceparent, progress: { status, awaiting, attempts, reason } };
}
