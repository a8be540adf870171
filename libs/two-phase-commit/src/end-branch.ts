import { finishPrepared } from '@indoubt/database';
import { record } from '@indoubt/record';
import { leaveTombstone, readBranch } from './branch-store.ts';
import type { BranchesParts } from './branches.ts';
import type { Decision } from './coordinate.ts';
import type { EndAnswer } from './messages.ts';
import { onDecision } from './participate.ts';
import type { Held } from './prepare-branch.ts';

/** Ends one branch as decided, in whatever state it is. */
export async function endBranch(
  parts: BranchesParts,
  held: Held,
  id: string,
  gid: string,
  decision: Decision,
): Promise<EndAnswer> {
  const { endPool, read } = parts;
  const since = held.get(id)?.since;
  const wasPrepared = await finishPrepared(endPool, gid, decision);
  const branch = wasPrepared ? 'prepared' : await readBranch(read, id);
  const what = onDecision(branch, decision);
  if (what === 'rollback-prepared' || what === 'leave-tombstone') await leaveTombstone(read, id);
  held.delete(id);
  const damage = what === 'damage';
  const did = damage ? opposite(decision) : branch === 'committed-alone' ? 'commit' : decision;
  if (damage) record({ event: 'heuristic-damage', orderId: id, gid, decision, did });
  const how = HOW[what];
  const heldMs = since === undefined ? null : performance.now() - since;
  if (!damage) record({ event: 'branch-ended', orderId: id, decision: did, how, heldMs });
  if (what === 'commit-prepared' || what === 'rollback-prepared') parts.ended(id, did);
  parts.crash('finished-not-acknowledged');
  return { did, damage };
}

const HOW = {
  'commit-prepared': 'done',
  'rollback-prepared': 'done',
  'leave-tombstone': 'tombstone',
  already: 'already',
  damage: 'damage',
} as const;

function opposite(decision: Decision): Decision {
  return decision === 'commit' ? 'abort' : 'commit';
}
