import type { Decision } from './coordinate.ts';

/**
 * The state of a branch, as its database shows it. Prepared: the participant has voted yes and must
 * wait for the decision. Committed alone: committed in one phase, without a vote. The three final
 * states are rows that stay.
 */
export type Branch = 'unknown' | 'prepared' | 'committed' | 'committed-alone' | 'aborted';

export type OnPrepare =
  | 'work'
  /** The branch was prepared before: its vote was lost, or the prepare came twice. */
  | 'vote-yes-again'
  /** The abort came first: an aborted transaction must not be prepared. */
  | 'vote-no';

/** What a prepare means for a branch. */
export function onPrepare(branch: Branch): OnPrepare {
  if (branch === 'unknown') return 'work';
  return branch === 'aborted' ? 'vote-no' : 'vote-yes-again';
}

export type OnDecision =
  | 'commit-prepared'
  | 'rollback-prepared'
  /** Nothing to abort yet; a prepare that comes later must be refused. */
  | 'leave-tombstone'
  | 'already'
  /** The branch ended against the decision, by an operator's heuristic decision. */
  | 'damage';

/** What the coordinator's decision means for a branch. */
export function onDecision(branch: Branch, decision: Decision): OnDecision {
  const commits = decision === 'commit';
  if (branch === 'prepared') return commits ? 'commit-prepared' : 'rollback-prepared';
  if (branch === 'committed') return commits ? 'already' : 'damage';
  // The one-phase commit was the decision. After a crash a coordinator may presume an abort.
  if (branch === 'committed-alone') return 'already';
  if (branch === 'aborted') return commits ? 'damage' : 'already';
  // A commit implies an earlier yes vote, so the prepared branch must have been removed.
  return commits ? 'damage' : 'leave-tombstone';
}
