import { listPrepared, type Prepared } from '@indoubt/database';
import { evictOldest } from '../evict-oldest.ts';
import type { Decision } from '../protocol/coordinate.ts';
import { gidOf, transactionOf } from '../protocol/gid.ts';
import type { BranchBody, EndAnswer, VoteAnswer } from '../protocol/messages.ts';
import type { BranchesParts, PreparedHere } from './branches-parts.ts';
import { abandonBranch, endBranch } from './end-branch.ts';
import { commitAlone, isPrepared, prepareBranch } from './prepare-branch.ts';

/** A prepared branch of this service. */
export interface InDoubt extends Prepared {
  id: string;
  /** The trace of its prepare; null when another process, or an earlier one, prepared it. */
  traceparent: string | null;
}

/** The branches of a participant: one for each global transaction. */
export interface Branches {
  /** Does the work and prepares the branch, or votes no. A repeated prepare gets the same vote. */
  prepare(id: string, body: BranchBody): Promise<VoteAnswer>;
  /** Does the work and commits it, for the only participant that writes. */
  commitOnePhase(id: string, body: BranchBody): Promise<VoteAnswer>;
  /** Ends the branch as decided, also if it has ended before, or was never prepared. */
  end(id: string, decision: Decision): Promise<EndAnswer>;
  /** Own prepared branches, and prepared transactions that do not belong to this service. */
  inDoubt(): Promise<{ own: InDoubt[]; others: Prepared[] }>;
  /**
   * Abandons a branch that was never prepared, so that it can never be prepared.
   * @returns false without an effect on a branch that is prepared, being prepared, or committed
   */
  abandon(id: string): Promise<boolean>;
  /** Whether this branch is prepared now. */
  isPrepared(id: string): Promise<boolean>;
}

export function createBranches(parts: BranchesParts): Branches {
  const { lab, service, read } = parts;
  const gid = (id: string) => gidOf(lab, service, id);
  const preparing = new Map<string, Promise<VoteAnswer>>();
  const ending = new Map<string, Promise<EndAnswer>>();
  /**
   * Answers to recent decisions. The client of a transaction ends its own branch first, and then
   * the coordinator sends the same decision. The answer cannot change: a tombstone, or the row of
   * the commit, refuses a later prepare.
   */
  const recent = new Map<string, EndAnswer>();
  const preparedHere: PreparedHere = new Map();
  return {
    // A second prepare at the same time waits for the vote of the first.
    prepare: (id, body) =>
      join(preparing, id, () => prepareBranch(parts, preparedHere, { id, gid: gid(id), ...body })),
    commitOnePhase: (id, body) => commitAlone(parts, { id, gid: gid(id), ...body }),
    async end(id, decision) {
      const key = `${id} ${decision}`;
      const known = recent.get(key);
      if (known !== undefined) return known;
      const answer = await join(ending, key, () =>
        endBranch(parts, preparedHere, id, gid(id), decision),
      );
      evictOldest(recent, RECENT_MAX);
      recent.set(key, answer);
      return answer;
    },
    async inDoubt() {
      const all = await listPrepared(read);
      const own = all.flatMap((each) => {
        const id = transactionOf(lab, service, each.gid);
        const trace = id === undefined ? undefined : preparedHere.get(id)?.traceparent;
        return id === undefined ? [] : [{ ...each, id, traceparent: trace ?? null }];
      });
      forget(preparedHere, own);
      const others = all.filter((each) => transactionOf(lab, service, each.gid) === undefined);
      return { own, others };
    },
    abandon: (id) => abandonBranch(parts, id, gid(id)),
    isPrepared: (id) => isPrepared(read, gid(id)),
  };
}

const FORGET_AFTER_MS = 60_000;

/** Forgets branches that another copy of this service, or an operator, has ended. */
function forget(preparedHere: PreparedHere, own: readonly { id: string }[]): void {
  const prepared = new Set(own.map(({ id }) => id));
  for (const [id, { since }] of preparedHere) {
    if (!prepared.has(id) && performance.now() - since > FORGET_AFTER_MS) preparedHere.delete(id);
  }
}

const RECENT_MAX = 1_000;

/** Joins a call in progress with the same key, or starts one. */
function join<T>(running: Map<string, Promise<T>>, key: string, work: () => Promise<T>) {
  const known = running.get(key);
  if (known !== undefined) return known;
  const begun = work().finally(() => running.delete(key));
  running.set(key, begun);
  return begun;
}
