import { autocommit, type Pool } from '@indoubt/database';

/** A session that is blocked, directly or indirectly, by a prepared transaction. */
export interface BlockedSession {
  pid: number;
  /** Its `application_name`. */
  name: string;
  /** Such as `the end of a transaction`, `a row of stock`. */
  waitsFor: string;
  /**
   * Process ids of the sessions it queues behind; empty when it waits for the prepared transaction
   * itself.
   */
  behind: number[];
  waitsMs: number;
  /** The statement that waits, 200 characters at most. */
  query: string;
}

/** A session that waits for a lock of any holder. */
export interface WaitingSession extends BlockedSession {
  /** Transaction ids (xid) of the prepared transactions that hold the lock. */
  heldBy: string[];
}

/**
 * The sessions that a prepared transaction blocks, directly and through other sessions: for one
 * row, PostgreSQL lets only the first session wait for the transaction, and the others queue behind
 * that session.
 */
export function blockedBehind(xid: string, waiting: WaitingSession[]): BlockedSession[] {
  const blocked = new Map<number, WaitingSession>();
  let found = waiting.filter(({ heldBy }) => heldBy.includes(xid));
  while (found.length > 0) {
    for (const each of found) blocked.set(each.pid, each);
    found = waiting.filter(
      ({ pid, behind }) => !blocked.has(pid) && behind.some((other) => blocked.has(other)),
    );
  }
  return [...blocked.values()].map((session) => {
    const { heldBy: _, ...rest } = session;
    return rest;
  });
}

const QUERY_LENGTH_MAX = 200;

/** The sessions of this database that wait for a lock, the longest wait first. */
export function waitingSessions(pool: Pool): Promise<WaitingSession[]> {
  return autocommit(pool).query<WaitingSession>(WAITING_SESSIONS);
}

/**
 * `pg_blocking_pids` returns 0 for a prepared transaction, because it has no process. Which
 * prepared transaction blocks is found by comparing the locks.
 */
export const WAITING_SESSIONS = `
  select a.pid, coalesce(nullif(a.application_name, ''), a.backend_type) as name,
         case l.locktype
           when 'transactionid' then 'the end of a transaction'
           when 'tuple' then 'a row of ' || l.relation::regclass
           when 'relation' then 'table ' || l.relation::regclass
           else l.locktype || ' lock'
         end as "waitsFor",
         array_remove(blocking.pids, 0) as behind,
         round(1000 * extract(epoch from
                 clock_timestamp() - coalesce(l.waitstart, a.query_start)))::float8 as "waitsMs",
         left(regexp_replace(trim(a.query), '\\s+', ' ', 'g'), ${QUERY_LENGTH_MAX}) as query,
         array(select own.transactionid::text
                 from pg_locks held
                 join pg_locks own using (virtualtransaction)
                where 0 = any (blocking.pids) and held.pid is null and held.granted
                  and own.pid is null and own.locktype = 'transactionid'
                  and (held.locktype, held.database, held.relation, held.page, held.tuple,
                       held.transactionid, held.classid, held.objid, held.objsubid)
                      is not distinct from
                      (l.locktype, l.database, l.relation, l.page, l.tuple,
                       l.transactionid, l.classid, l.objid, l.objsubid)) as "heldBy"
    from pg_locks l
    join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
   cross join pg_blocking_pids(l.pid) as blocking (pids)
   where not l.granted
   order by "waitsMs" desc`;
