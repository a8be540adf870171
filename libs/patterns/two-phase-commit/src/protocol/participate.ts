import type { Decision } from './coordinate.ts';

/**
 * What a participant knows of its branch, from its database alone. Prepared: it has voted yes and
 * must wait for the decision. The others are rows that stay; committed alone: in one phase,
 * without a vote.
 */
export type Branch = 'unknown' | 'prepared' | 'committed' | 'committed-alone' | 'aborted';

export type OnPrepare =
  | 'work'
  /** It was prepared before: the vote was lost, or the message came twice. */
  | 'vote-yes-again'
  /** Its abort came first: a transaction that is over must not be prepared. */
  | 'vote-no';

/** What a prepare means for a branch. */
export function onPrepare(branch: Branch): OnPrepare {
  if (branch === 'unknown') return 'work';
  return branch === 'aborted' ? 'vote-no' : 'vote-yes-again';
}

export type OnDecision =
  | 'commit-prepared'
  | 'rollback-prepared'
  /** Nothing is there to abort; what comes later must be refused. */
  | 'leave-tombstone'
  | 'already'
  /** It had ended the other way: an operator's guess, and it was wrong. */
  | 'damage';

/** What the coordinator's decision means for a branch. */
export function onDecision(branch: Branch, decision: Decision): OnDecision {
  const commits = decision === 'commit';
  if (branch === 'prepared') return commits ? 'commit-prepared' : 'rollback-prepared';
  if (branch === 'committed') return commits ? 'already' : 'damage';
  // It was the decision itself; who asks after a crash may have been told what is presumed.
  if (branch === 'committed-alone') return 'already';
  if (branch === 'aborted') return commits ? 'damage' : 'already';
  // Nobody commits what never voted yes: if it is gone, somebody took it away.
  return commits ? 'damage' : 'leave-tombstone';
}
