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
 * An operator's heuristic decision: ends a prepared transaction by hand, whatever the coordinator's
 * log says. It is written down before it is done, and told in the record of the run.
 * @throws Failure 'not-found' (definite): nothing is prepared under this gid, which says what is;
 *   'database-unavailable' (indefinite: list again to see whether it is still there)
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
  // Afterwards: what was decided meanwhile counts as well.
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
  // The coordinator's own database has no branches, and so no tables for them.
  const hasTables = owner !== 'coordinator';
  // Before the deed: after a crash between them the next operator knows what was meant.
  if (hasTables) await database.query(NOTE, [gid, transactionId, decision]);
  if (!(await finishPrepared(pool, gid, decision))) {
    // It decided nothing, and must not stand there as if it had.
    if (hasTables) await database.query(TAKE_BACK, [gid]);
    throw new Failure('not-found', `${gid} was ended by somebody else just now.`);
  }
  if (transactionId !== null && decision === 'abort') {
    await database.query(TOMBSTONE, [transactionId]);
  }
}

const NOTE = `
  insert into heuristic_decisions (gid, transaction_id, decision) values ($1, $2, $3)
      on conflict (gid) do update set decision = excluded.decision, decided_at = clock_timestamp()`;

const TAKE_BACK = 'delete from heuristic_decisions where gid = $1';

// As the service itself would leave it: a prepare that comes late is refused.
const TOMBSTONE = `
  insert into branches (transaction_id, outcome) values ($1, 'aborted') on conflict do nothing`;

/** Whether a decision is the opposite of what the log says; null when it does not say. Pure. */
function isDamage(decision: HeuristicDecision, log: DecisionInLog): boolean | null {
  if (log === 'unknown' || log === 'undecided') return null;
  return decision !== (log === 'presumed-abort' ? 'abort' : log);
}

function unknownGid(gid: string, { items, unread }: InDoubt): Failure {
  const there = items.map((one) => `  ${one.gid}  (${one.owner})`);
  const list = there.length === 0 ? ['Nothing is in doubt.'] : ['There is:', ...there];
  const gap = unread.length === 0 ? [] : [`Do not answer: ${unread.join(', ')}.`];
  const what = `no prepared transaction has the gid '${gid}'.`;
  return new Failure('not-found', [what, ...list, ...gap].join('\n'));
}
