import { autocommit, type Pool } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { type BlockedSession, blockedBehind, waitingSessions } from './blocked-sessions.ts';
import { type DecisionInLog, decisionsInLog } from './decision-in-log.ts';
import { type LockedTable, lockedRows } from './locked-rows.ts';
import { type OperatedLab, transactionOfGid } from './operated-lab.ts';

/** A prepared transaction: neither its session nor a restart of the server ends it. */
export interface InDoubtTransaction {
  gid: string;
  owner: DatabaseOwner;
  ageMs: number;
  /** The global transaction it is a branch of; null for an orphan: nobody here has prepared it. */
  transactionId: string | null;
  decision: DecisionInLog;
  locked: LockedTable[];
  blocked: BlockedSession[];
}

/** The document of `indoubt --json`. See docs/json.md. */
export interface InDoubt {
  items: InDoubtTransaction[];
  /** Databases that do not answer: nobody can say what is in doubt there. */
  unread: DatabaseOwner[];
}

/**
 * Every prepared transaction of a lab: what it has locked, who waits for it, and what the
 * coordinator's log says of it. Oldest first within each database.
 */
export async function listInDoubt({ name, databases }: OperatedLab): Promise<InDoubt> {
  const looks = await Promise.all(
    DATABASE_OWNERS.map(async (owner) => ({ owner, found: await lookInto(databases[owner]) })),
  );
  const found = looks.flatMap(({ owner, found }) =>
    (found ?? []).map((one) => {
      return { owner, transactionId: transactionOfGid(name, owner, one.gid), ...one };
    }),
  );
  const unread = looks.filter((look) => look.found === null).map(({ owner }) => owner);
  const ids = found.map(({ transactionId }) => transactionId);
  // Asked in vain once is long enough to wait.
  const isLogGone = unread.includes('coordinator');
  const decisionOf = isLogGone ? unknown : await decisionsInLog(databases.coordinator, ids);
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

/** @returns null when the database does not answer: the others still do */
async function lookInto(pool: Pool): Promise<Found[] | null> {
  try {
    return await preparedIn(pool);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

async function preparedIn(pool: Pool): Promise<Found[]> {
  // Of this database alone: the view shows those of the whole server, other labs' too.
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
