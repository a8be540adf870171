import { autocommit, type Pool } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { type BlockedSession, blockedBehind, waitingSessions } from './blocked-sessions.ts';
import { type DecisionInLog, decisionsInLog } from './decision-in-log.ts';
import { type LockedTable, lockedRows } from './locked-rows.ts';
import { type OperatedLab, transactionOfGid } from './operated-lab.ts';

/** A prepared transaction. It survives its session and restarts of the server. */
export interface InDoubtTransaction {
  gid: string;
  owner: DatabaseOwner;
  ageMs: number;
  /**
   * Id of its global transaction; null for an orphan, which no service of this lab has prepared.
   */
  transactionId: string | null;
  decision: DecisionInLog;
  locked: LockedTable[];
  blocked: BlockedSession[];
}

/** The document of `indoubt --json`. See docs/json.md. */
export interface InDoubt {
  items: InDoubtTransaction[];
  /** Databases that do not answer: what is in doubt there is unknown. */
  unread: DatabaseOwner[];
}

/**
 * Every prepared transaction of a lab, with its locks, the sessions it blocks, and the decision in
 * the coordinator's log. Oldest first within each database.
 */
export async function listInDoubt({ name, databases }: OperatedLab): Promise<InDoubt> {
  const readings = await Promise.all(
    DATABASE_OWNERS.map(async (owner) => ({ owner, found: await readPrepared(databases[owner]) })),
  );
  const found = readings.flatMap(({ owner, found }) =>
    (found ?? []).map((transaction) => {
      return {
        owner,
        transactionId: transactionOfGid(name, owner, transaction.gid),
        ...transaction,
      };
    }),
  );
  const unread = readings.filter((reading) => reading.found === null).map(({ owner }) => owner);
  const ids = found.map(({ transactionId }) => transactionId);
  // The database of the coordinator did not answer above: a second query would only wait again.
  const isLogUnread = unread.includes('coordinator');
  const decisionOf = isLogUnread ? unknown : await decisionsInLog(databases.coordinator, ids);
  return {
    items: found.map(({ gid, owner, transactionId, ageMs, ...holds }) => {
      return { gid, owner, transactionId, ageMs, decision: decisionOf(transactionId), ...holds };
    }),
    unread,
  };
}

function unknown(): DecisionInLog {
  return 'unknown';
}

type Found = Pick<InDoubtTransaction, 'gid' | 'ageMs' | 'locked' | 'blocked'>;

/** @returns null when the database does not answer, so that the other databases are still listed */
async function readPrepared(pool: Pool): Promise<Found[] | null> {
  try {
    return await preparedIn(pool);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

async function preparedIn(pool: Pool): Promise<Found[]> {
  // The view shows the transactions of the whole server, including those of other labs.
  const prepared = await autocommit(pool).query<{ gid: string; xid: string; ageMs: number }>(
    `select gid, transaction::text as xid,
            round(1000 * extract(epoch from clock_timestamp() - prepared))::float8 as "ageMs"
       from pg_prepared_xacts where database = current_database() order by prepared`,
  );
  if (prepared.length === 0) return [];
  const waiting = await waitingSessions(pool);
  const found: Found[] = [];
  for (const { gid, xid, ageMs } of prepared) {
    const locked = await lockedRows(pool, xid);
    found.push({ gid, ageMs, locked, blocked: blockedBehind(xid, waiting) });
  }
  return found;
}
