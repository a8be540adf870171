import { failpoint } from '@indoubt/chaos';
import { finishPrepared, isLockTimeout } from '@indoubt/database';
import { record } from '@indoubt/record';
import type { Decision } from '../protocol/coordinate.ts';
import type { EndAnswer } from '../protocol/messages.ts';
import { type Branch, type OnDecision, onDecision } from '../protocol/participate.ts';
import { leaveTombstone, readBranch } from './branch-store.ts';
import type { BranchesParts, PreparedHere } from './branches-parts.ts';
import { isPrepared } from './prepare-branch.ts';

/** Ends a branch as decided, whatever its state is. */
export async function endBranch(
  parts: BranchesParts,
  preparedHere: PreparedHere,
  id: string,
  gid: string,
  decision: Decision,
): Promise<EndAnswer> {
  await failpoint('received-not-finished', id);
  const since = preparedHere.get(id)?.since;
  const { branch, what } = await carryOut(parts, id, gid, decision);
  preparedHere.delete(id);
  const damage = what === 'damage';
  const did = damage ? opposite(decision) : branch === 'committed-alone' ? 'commit' : decision;
  const heldMs = since === undefined ? null : performance.now() - since;
  if (what === 'damage') {
    record({ event: 'heuristic-damage', orderId: id, gid, decision, applied: did });
  } else {
    record({ event: 'branch-ended', orderId: id, decision: did, how: HOW[what], heldMs });
  }
  if (what === 'commit-prepared' || what === 'rollback-prepared') parts.ended(id, did);
  await failpoint('finished-not-acknowledged', id);
  return { did, damage };
}

/**
 * Abandons a branch that was never prepared. Its tombstone refuses a late prepare. A participant
 * may abort its branch until it has voted.
 * @returns whether the branch is aborted for good; false without an effect on a branch that is
 *   prepared, being prepared, or committed
 */
export async function abandonBranch(
  { read }: Pick<BranchesParts, 'read'>,
  id: string,
  gid: string,
): Promise<boolean> {
  if (await isPrepared(read, gid)) return false;
  try {
    await leaveTombstone(read, id);
  } catch (error) {
    // A prepare in progress has already inserted the row of this branch.
    if (isLockTimeout(error)) return false;
    throw error;
  }
  return (await readBranch(read, id)) === 'aborted';
}

const ATTEMPTS_MAX = 40;

/** Ends the branch. While its prepare is in progress, an abort times out and is retried. */
async function carryOut(
  { endPool, read }: BranchesParts,
  id: string,
  gid: string,
  decision: Decision,
): Promise<{ branch: Branch; what: OnDecision }> {
  for (let attempt = 1; ; attempt += 1) {
    const wasPrepared = await finishPrepared(endPool, gid, decision);
    const branch = wasPrepared ? 'prepared' : await readBranch(read, id);
    const what = onDecision(branch, decision);
    if (what !== 'rollback-prepared' && what !== 'leave-tombstone') return { branch, what };
    try {
      // Otherwise the branch has ended since it was read, by a one-phase commit or an operator.
      if (await leaveTombstone(read, id)) return { branch, what };
    } catch (error) {
      if (!isLockTimeout(error) || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}

const HOW = {
  'commit-prepared': 'done',
  'rollback-prepared': 'done',
  'leave-tombstone': 'tombstone',
  already: 'already',
} as const;

function opposite(decision: Decision): Decision {
  return decision === 'commit' ? 'abort' : 'commit';
}
