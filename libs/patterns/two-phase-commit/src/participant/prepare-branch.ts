import { failpoint } from '@indoubt/chaos';
import {
  boundLocks,
  isImpossible,
  isLockTimeout,
  listPrepared,
  prepareTransaction,
  type Queries,
  withTransaction,
} from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { inSpan, record, traceparent } from '@indoubt/record';
import type { BranchBody, VoteAnswer } from '../protocol/messages.ts';
import { onPrepare } from '../protocol/participate.ts';
import { leaveTombstone, markCommitted, readBranch } from './branch-store.ts';
import { Refused, readWork } from './branch-work.ts';
import type { BranchesParts, PreparedHere } from './branches-parts.ts';

export interface BranchRequest extends BranchBody {
  id: string;
  gid: string;
}

const YES: VoteAnswer = { vote: 'yes', reason: null, detail: '' };
const READ_ONLY: VoteAnswer = { vote: 'read-only', reason: null, detail: '' };
const OVER: VoteAnswer = no('transaction-aborted', 'The abort of this transaction came first.');

/** Does the work and prepares the branch. @returns the vote, with a reason if it is "no" */
export async function prepareBranch(
  parts: BranchesParts,
  preparedHere: PreparedHere,
  request: BranchRequest,
): Promise<VoteAnswer> {
  const { id, gid, work, withinMs } = request;
  const startedAt = performance.now();
  await failpoint('received-not-worked', id);
  const begin = readWork(parts.works, work);
  const voted = (answer: VoteAnswer, repeated: boolean) => {
    const { vote, reason } = answer;
    const about = { orderId: id, gid, tookMs: performance.now() - startedAt };
    record({ event: 'branch-voted', ...about, vote, reason, repeated });
    if (vote === 'no') parts.ended(id, 'abort');
    return answer;
  };
  // The work is not repeated for a prepared branch: it would wait for the locks of that branch.
  if (preparedHere.has(id) && (await isPrepared(parts.read, gid))) return voted(YES, true);
  try {
    const prepared = await inSpan(work.type, spanOf(request), async () => {
      const begunAt = performance.now();
      const effect = await begin(id, withinMs);
      const leftMs = withinMs - (performance.now() - begunAt);
      return prepareTransaction(parts.workPool, gid, leftMs, async (tx) => {
        await effect(tx);
        if (tx.writes() > 0) markCommitted(tx, id, false);
        await failpoint('worked-not-prepared', id);
      });
    });
    if (!prepared) return voted(READ_ONLY, false);
  } catch (error) {
    return voted(await voteAfter(parts, request, error), !(error instanceof Refused));
  }
  preparedHere.set(id, { since: performance.now(), traceparent: traceparent() });
  await failpoint('prepared-not-voted', id);
  return voted(YES, false);
}

/** The vote after an error, which an earlier message of this transaction may have caused. */
async function voteAfter(
  { read }: BranchesParts,
  { id, gid }: BranchRequest,
  error: unknown,
): Promise<VoteAnswer> {
  if (await isPrepared(read, gid)) return YES;
  const means = onPrepare(await readBranch(read, id));
  if (means === 'vote-no') return OVER;
  if (means === 'vote-yes-again') return YES;
  const refused = refusalOf(error);
  if (refused !== undefined) return refused;
  const isLate = isLockTimeout(error) || (error instanceof Failure && error.code === 'timed-out');
  // After any other error the branch may still become prepared, so a "no" would be wrong.
  if (!isLate) throw error;
  return no('timed-out', error instanceof Error ? error.message : String(error));
}

/** Does the work and commits it. This commit is the decision of the whole transaction. */
export async function commitAlone(
  parts: BranchesParts,
  request: BranchRequest,
): Promise<VoteAnswer> {
  const begin = readWork(parts.works, request.work);
  try {
    const wrote = await inSpan(request.work.type, spanOf(request), async () => {
      const effect = await begin(request.id, request.withinMs);
      return withTransaction(parts.workPool, async (tx) => {
        boundLocks(tx, request.withinMs);
        await effect(tx);
        if (tx.writes() > 0) markCommitted(tx, request.id, true);
        return tx.writes() > 0;
      });
    });
    if (!wrote) return READ_ONLY;
    const ended = { orderId: request.id, decision: 'commit', heldMs: null } as const;
    record({ event: 'branch-ended', ...ended, how: 'one-phase' });
    parts.ended(request.id, 'commit');
    return YES;
  } catch (error) {
    return answerAlone(parts, request, error);
  }
}

/** The answer after an error: "yes" if an earlier message has committed the branch. */
async function answerAlone(
  { read }: BranchesParts,
  { id }: BranchRequest,
  error: unknown,
): Promise<VoteAnswer> {
  // A "no" ends the transaction, so a late copy of the same message must not commit.
  const refused = refusalOf(error);
  if (refused !== undefined) await leaveTombstone(read, id);
  const branch = await readBranch(read, id);
  if (branch === 'unknown') throw error;
  return branch === 'aborted' ? (refused ?? OVER) : YES;
}

/** A definite "no": a refusal by a domain rule, or by a constraint of the database. */
function refusalOf(error: unknown): VoteAnswer | undefined {
  if (error instanceof Refused) return no(error.answer.reason, error.answer.detail);
  if (!isImpossible(error)) return undefined;
  return no('invalid-request', 'The database refuses this work: it breaks a constraint.');
}

/** Whether a branch with this gid is prepared in this database. */
export async function isPrepared(read: Queries, gid: string): Promise<boolean> {
  return (await listPrepared(read)).some((each) => each.gid === gid);
}

function spanOf({ id, gid }: BranchRequest) {
  return { attributes: { 'order.id': id, 'transaction.gid': gid } };
}

function no(reason: string, detail: string): VoteAnswer {
  return { vote: 'no', reason, detail };
}
