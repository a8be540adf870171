import { failpoint } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { type Log, type Repeating, runEvery } from '@indoubt/http';
import { contextOf, inSpan, type RecordEvent, record } from '@indoubt/record';
import type { Verdict } from '../protocol/messages.ts';
import type { Branches, InDoubt } from './branches.ts';

export interface RecoveryParts {
  branches: Branches;
  /** Requests the decision about a prepared branch. @throws Failure */
  requestDecision(id: string): Promise<Verdict>;
  log: Log;
  everyMs: number;
  /** Age in milliseconds from which another prepared transaction is recorded as an orphan. */
  orphanAfterMs: number;
}

/** The decision about a younger branch is most likely on its way. */
const REQUEST_AFTER_MS = 1_000;

/**
 * Polls the prepared transactions of this database, and requests the decision about each own branch
 * from the coordinator. Recovery never decides by itself: the locks stay until the coordinator
 * answers. Recovery by guess would abort live work (citusdata/citus#2095).
 */
export function recoverBranches(parts: RecoveryParts): Repeating {
  /** The last recorded answer for each gid, so that only changes are recorded. */
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

/** Forgets gids that are no longer prepared, so that a new branch with the gid is recorded. */
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
    await failpoint('found-not-queried', id);
    answer = await requestDecision(id);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reason = error.code;
    recordOnce(recorded, gid, reason, { event, ...about, decision: 'unknown', reason });
    return;
  }
  const { decision } = answer;
  const attributes = { 'order.id': id, 'transaction.gid': gid, 'transaction.decision': decision };
  // After a restart only the coordinator knows the trace of this branch.
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
