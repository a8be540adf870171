import { autocommit, type Pool, type Tx, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';

/** The locks of a prepared transaction in one table. */
export interface LockedTable {
  /** Qualified and quoted as in SQL. */
  table: string;
  /** False when it only locked rows, for instance rows that its new rows refer to. */
  wrote: boolean;
  /**
   * Rows that it changed, deleted or locked; its new rows are invisible. Null when the table cannot
   * be read because a session waits for a lock of the whole table.
   */
  count: number | null;
  /**
   * Primary keys of these rows, 20 at most; without a primary key, the place of the row (`ctid`).
   */
  rows: Record<string, unknown>[];
}

const ROWS_MAX = 20;
// A query would queue behind a session that waits for a lock of the whole table.
const LOCK_WITHIN_MS = 300;

/**
 * The tables in which a prepared transaction holds locks, and the rows it locked. Not found are
 * rows whose lock is shared by several transactions, and rows that were locked within a savepoint:
 * both are recorded under another transaction id.
 * @param xid  of the prepared transaction
 */
export async function lockedRows(pool: Pool, xid: string): Promise<LockedTable[]> {
  const tables = await autocommit(pool).query<Table>(TABLES, [xid]);
  const locked: LockedTable[] = [];
  for (const table of tables) {
    const { name, wrote } = table;
    locked.push({ table: name, wrote, ...(await rowsOf(pool, table, xid)) });
  }
  return locked;
}

interface Table extends Pick<LockedTable, 'wrote'> {
  name: string;
  /** SQL expression for the primary key of a row, as jsonb. */
  key: string;
}

// A prepared transaction has no process. Its locks have the virtual transaction id of its session,
// or -1/XID after a restart of the server. The server quotes the names of tables and columns,
// because they may contain any character.
const TABLES = `
  with held as (
    select locks.* from pg_locks locks
      join pg_locks own using (virtualtransaction)
     where own.locktype = 'transactionid' and own.transactionid = $1::text::xid
       and own.granted and own.pid is null and locks.pid is null)
  select c.oid::regclass::text as name,
         coalesce(
           (select format('jsonb_build_object(%s)',
                          string_agg(format('%L, %I', a.attname, a.attname), ', ' order by k.n))
              from pg_index i
             cross join unnest(i.indkey) with ordinality as k (attnum, n)
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
             where i.indrelid = c.oid and i.indisprimary
             group by i.indexrelid),
           'jsonb_build_object(''ctid'', ctid)') as key,
         bool_or(held.mode = 'RowExclusiveLock') as wrote
    from pg_class c join held on held.relation = c.oid
   where held.locktype = 'relation' and held.mode in ('RowExclusiveLock', 'RowShareLock')
     and c.relkind = 'r' and c.relnamespace <> 'pg_catalog'::regnamespace
   group by c.oid
   order by name`;

async function rowsOf(
  pool: Pool,
  table: Table,
  xid: string,
): Promise<Pick<LockedTable, 'count' | 'rows'>> {
  try {
    const found = await withTransaction(pool, (tx) => lockedIn(tx, table, xid), 1);
    return { count: found[0]?.count ?? 0, rows: found.map(({ key }) => key) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { count: null, rows: [] };
  }
}

async function lockedIn(tx: Tx, { name, key }: Table, xid: string) {
  await tx.query("select set_config('lock_timeout', $1, true)", [`${LOCK_WITHIN_MS}ms`]);
  return tx.query<{ key: Record<string, unknown>; count: number }>(
    `select ${key} as key, (count(*) over ())::int as count
       from only ${name} where xmax::text = $1 order by ctid limit ${ROWS_MAX}`,
    [xid],
  );
}
