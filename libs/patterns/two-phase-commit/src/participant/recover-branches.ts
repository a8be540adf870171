import { failpoint } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { type Log, type Repeating, runEvery } from '@indoubt/http';
import { contextOf, inSpan, type RecordEvent, record } from '@indoubt/record';
import type { Verdict } from '../protocol/messages.ts';
import type { Branches, InDoubt } from './branches.ts';

export interface RecoveryParts {
  branches: Branches;
  /** Requests the decision about a branch that is prepared here. @throws Failure */
  requestDecision(id: string): Promise<Verdict>;
  log: Log;
  everyMs: number;
  /** Age from which a prepared transaction of no known branch is recorded as an orphan. */
  orphanAfterMs: number;
}

/** Younger ones are most likely being voted on: their decision is on its way. */
const REQUEST_AFTER_MS = 1_000;

/**
 * Polls the prepared transactions of this database, and requests from the coordinator the decision
 * about those that are this service's own. It never decides by itself: while nobody
 * answers, the locks stay. Recovery that guessed would abort live work (citusdata/citus#2095).
 */
export function recoverBranches(parts: RecoveryParts): Repeating {
  /** The last answer for each, so that the record tells only what is new. */
  const recorded = new Map<string, string>();
  let isFirst = true;
  return runEvery(
    parts.everyMs,
    async () => {
      const { own, others } = await parts.branches.inDoubt();
      for (const { gid, ageMs } of others) {
        if (ageMs >= parts.orphanAfterMs)
          recordOnce(recorded, gid, 'orphan', { event: 'orphan-found', gid, ageMs });
      }
      forget(recorded, [...own, ...others]);
      const waiting = own.filter(({ ageMs }) => isFirst || ageMs >= REQUEST_AFTER_MS);
      isFirst = false;
      await Promise.all(waiting.map((branch) => recoverBranch(parts, recorded, branch)));
    },
    (error) => parts.log.warn({ err: error }, 'prepared transactions could not be listed'),
  );
}

type Recorded = Map<string, string>;

/** What is not prepared any more: the same gid again would be news. */
function forget(recorded: Recorded, prepared: readonly { gid: string }[]): void {
  const gids = new Set(prepared.map(({ gid }) => gid));
  for (const gid of recorded.keys()) if (!gids.has(gid)) recorded.delete(gid);
}

async function recoverBranch(
  { branches, requestDecision }: RecoveryParts,
  recorded: Recorded,
  { id, gid, ageMs, traceparent }: InDoubt,
): Promise<void> {
  const event = 'outcome-requested';
  const about = { orderId: id, gid, ageMs };
  let answer: Verdict;
  try {
    await failpoint('found-not-asked', id);
    answer = await requestDecision(id);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reason = error.code;
    recordOnce(recorded, gid, reason, { event, ...about, decision: 'unknown', reason });
    return;
  }
  const { decision } = answer;
  const attributes = { 'order.id': id, 'transaction.gid': gid, 'transaction.decision': decision };
  // After a restart only the coordinator can know which trace this belongs to.
  const trace = traceparent ?? answer.traceparent;
  const parent = trace === null ? {} : { parent: contextOf(trace) };
  await inSpan('recover branch', { attributes, ...parent }, async () => {
    recordOnce(recorded, gid, decision, { event, ...about, decision });
    if (decision === 'undecided') return;
    await failpoint('learnt-not-finished', id);
    await branches.end(id, decision);
    recorded.delete(gid);
  });
}

function recordOnce(recorded: Recorded, gid: string, news: string, event: RecordEvent): void {
  if (recorded.get(gid) === news) return;
  recorded.set(gid, news);
  record(event);
}
