import { WAITING_SESSIONS } from '../in-doubt/blocked-sessions.ts';

/** A table of a database, as its catalogue describes it. */
export interface TableShape {
  name: string;
  /** Columns of the primary key, in order; empty when there is none. */
  key: string[];
  columns: string[];
  /**
   * A select of its newest rows, in parentheses. The server quotes the names, because they may
   * contain any character.
   */
  sql: string;
}

/** How many rows of a table one poll reads: the newest. */
export const ROWS_MAX = 500;

/** Columns with such a name are secret and never read, in any table. */
const SECRET = '(password|secret)';

/**
 * Every table of the database except those of the migrations. The newest rows are the latest by a
 * creation time, if there is such a column, else those with the highest key.
 */
export const TABLES = `
  select c.relname::text as name, coalesce(k.names, '{}') as key, cols.names as columns,
         format('(select %s from %I.%I t order by %s limit ${ROWS_MAX + 1})',
                cols.list, n.nspname, c.relname,
                concat_ws(', ', cols.made, coalesce(k.list, 't.ctid desc'))) as sql
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   cross join lateral (
         select array_agg(a.attname::text order by a.attnum) as names,
                string_agg(format(case when a.attname ~ '${SECRET}' then 'null as %I'
                                       else 't.%I' end, a.attname), ', ' order by a.attnum) as list,
                max(format('t.%I desc', a.attname))
                  filter (where a.attname in ('created_at', 'received_at')) as made
           from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) cols
    left join lateral (
         select array_agg(a.attname::text order by u.n) as names,
                string_agg(format('t.%I desc', a.attname), ', ' order by u.n) as list
           from pg_index i
          cross join unnest(i.indkey) with ordinality as u (attnum, n)
           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum
          where i.indrelid = c.oid and i.indisprimary) k on true
   where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
     and c.relname !~ '^(pg)?migrations'
   order by c.relname`;

/**
 * One query for everything that a poll reads of a database: rows, prepared transactions, and
 * sessions that wait for locks. Pure.
 */
export function pollQuery(tables: readonly Pick<TableShape, 'name' | 'sql'>[]): string {
  const rows = tables.map(
    ({ name, sql }) => `${literal(name)}, (select coalesce(json_agg(r), '[]') from ${sql} r)`,
  );
  return `
  select json_build_object(
    'rows', json_build_object(${rows.join(', ')}),
    'prepared', (
      select coalesce(json_agg(json_build_object(
               'gid', gid, 'xid', transaction::text,
               'ageMs', 1000 * extract(epoch from clock_timestamp() - prepared))), '[]')
        from pg_prepared_xacts where database = current_database()),
    'waiting', (
      select coalesce(json_agg(json_build_object(
               'pid', w.pid, 'name', w.name, 'waitsFor', w."waitsFor", 'waitsMs', w."waitsMs",
               'query', w.query, 'heldBy', w."heldBy",
               'ahead', (select left(regexp_replace(trim(a.query), '\\s+', ' ', 'g'), 200)
                           from pg_stat_activity a where a.pid = w.behind[1]))), '[]')
        from (${WAITING_SESSIONS}) w)) as poll`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
