import { autocommit, type Pool, type Tx, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';

/** What a prepared transaction holds in one table. */
export interface LockedTable {
  /** As one would write it in SQL. */
  table: string;
  /** False when it has only locked rows: those that its new rows refer to, for instance. */
  wrote: boolean;
  /**
   * Rows that it has changed, deleted or locked; its new ones are seen by nobody. Null when the
   * table cannot be read: somebody waits to lock it as a whole.
   */
  count: number | null;
  /** Primary keys of these, 20 at most; where there is none, the row's place (`ctid`). */
  rows: Record<string, unknown>[];
}

const ROWS_MAX = 20;
// Behind a session that waits for the whole table we would queue as all others do.
const LOCK_WITHIN_MS = 300;

/**
 * The tables that a prepared transaction holds locks in, and the rows it has locked there. Not
 * found are a row whose lock several transactions share, for it names the group of them, and one
 * that was locked within a savepoint, whose number nobody can ask for.
 * @param xid of the prepared transaction
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
  /** An expression for a row's primary key, as jsonb. */
  key: string;
}

// Prepared, it has no process; what it holds goes by one virtual id: that of its session, and after
// a restart of the server -1/XID. The server quotes the names of tables and columns: they are
// anybody's.
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
