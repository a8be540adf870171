import { autocommit, finishPrepared, type Pool } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { type DecisionInLog, decisionsInLog } from '../../evidence/in-doubt/decision-in-log.ts';
import {
  type InDoubt,
  type InDoubtTransaction,
  listInDoubt,
} from '../../evidence/in-doubt/list-in-doubt.ts';
import type { OperatedLab } from '../../evidence/in-doubt/operated-lab.ts';
import type { HeuristicDecision, Resolution } from '../../evidence/in-doubt/resolution.ts';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';

/**
 * An operator's heuristic decision: ends a prepared transaction by hand, regardless of the
 * coordinator's log. The decision is stored before it is applied, and written into the record.
 * @throws Failure 'not-found' (definite): no transaction with this gid; the message lists the
 *   others; 'database-unavailable' (indefinite: list again to see what still exists)
 * @see "heuristic decision": X/Open, "Distributed TP: The XA Specification" (1991)
 */
export async function resolveInDoubt(
  lab: OperatedLab,
  writer: Pick<RecordWriter, 'event'>,
  gid: string,
  decision: HeuristicDecision,
): Promise<Resolution> {
  const listed = await listInDoubt(lab);
  const found = listed.items.find((one) => one.gid === gid);
  if (found === undefined) throw unknownGid(gid, listed);
  const { owner, transactionId } = found;
  await endByHand(lab.databases[owner], found, decision);
  const orderId = transactionId ?? undefined;
  writer.event('operator', { event: 'heuristic-decision', gid, owner, decision, orderId });
  // The log is read afterwards, so that a decision made in between counts too.
  const logOf = await decisionsInLog(lab.databases.coordinator, [transactionId]);
  const log = logOf(transactionId);
  return { gid, owner, transactionId, decision, log, damage: isDamage(decision, log) };
}

async function endByHand(
  pool: Pool,
  { gid, owner, transactionId }: InDoubtTransaction,
  decision: HeuristicDecision,
): Promise<void> {
  const database = autocommit(pool);
  // The coordinator's database has no branches and no tables for them.
  const hasTables = owner !== 'coordinator';
  // Stored first: after a crash the next operator sees the intended decision.
  if (hasTables) await database.query(NOTE, [gid, transactionId, decision]);
  if (!(await finishPrepared(pool, gid, decision))) {
    // The decision was not applied, so its row is removed.
    if (hasTables) await database.query(TAKE_BACK, [gid]);
    throw new Failure(
      'not-found',
      `another process has just ended ${gid}.\nNext: list the transactions in doubt again.`,
    );
  }
  if (transactionId !== null && decision === 'abort') {
    await database.query(TOMBSTONE, [transactionId]);
  }
}

const NOTE = `
  insert into heuristic_decisions (gid, transaction_id, decision) values ($1, $2, $3)
      on conflict (gid) do update set decision = excluded.decision, decided_at = clock_timestamp()`;

const TAKE_BACK = 'delete from heuristic_decisions where gid = $1';

// The service itself leaves the same row after an abort, so that it refuses a late prepare.
const TOMBSTONE = `
  insert into branches (transaction_id, outcome) values ($1, 'aborted') on conflict do nothing`;

/** Whether a decision is the opposite of the log's; null when the log has no decision. Pure. */
function isDamage(decision: HeuristicDecision, log: DecisionInLog): boolean | null {
  if (log === 'unknown' || log === 'undecided') return null;
  return decision !== (log === 'presumed-abort' ? 'abort' : log);
}

function unknownGid(gid: string, { items, unread }: InDoubt): Failure {
  const there = items.map((one) => `  ${one.gid}  (${one.owner})`);
  const list =
    there.length === 0
      ? ['No transaction is in doubt.']
      : ['Next: use one of these gids:', ...there];
  const gap = unread.length === 0 ? [] : [`These databases do not reply: ${unread.join(', ')}.`];
  const what = `no prepared transaction has the gid '${gid}'.`;
  return new Failure('not-found', [what, ...list, ...gap].join('\n'));
}
