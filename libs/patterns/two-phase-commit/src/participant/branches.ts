import { listPrepared, type Prepared } from '@indoubt/database';
import { evictOldest } from '../evict-oldest.ts';
import type { Decision } from '../protocol/coordinate.ts';
import { gidOf, transactionOf } from '../protocol/gid.ts';
import type { BranchBody, EndAnswer, VoteAnswer } from '../protocol/messages.ts';
import type { BranchesParts, PreparedHere } from './branches-parts.ts';
import { abandonBranch, endBranch } from './end-branch.ts';
import { commitAlone, isPrepared, prepareBranch } from './prepare-branch.ts';

/** A branch of this service that is prepared. */
export interface InDoubt extends Prepared {
  id: string;
  /** The trace it was prepared in; null when that was before a restart. */
  traceparent: string | null;
}

/** A participant's branches: one for each global transaction that it takes part in. */
export interface Branches {
  /** Does the work and prepares it, or says why not. Repeated, it votes again. */
  prepare(id: string, body: BranchBody): Promise<VoteAnswer>;
  /** Does the work and commits it: for the only participant that writes. */
  commitOnePhase(id: string, body: BranchBody): Promise<VoteAnswer>;
  /** Ends the branch as decided, whether it is prepared, was ended before, or never came. */
  end(id: string, decision: Decision): Promise<EndAnswer>;
  /** Own branches that wait for a decision, and prepared transactions that are nobody's here. */
  inDoubt(): Promise<{ own: InDoubt[]; others: Prepared[] }>;
  /**
   * Gives up a branch that was never prepared, so that it never will be.
   * @returns false when it is left alone: prepared, being prepared, or committed
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
   * The client of the transaction ends its branch, and then the coordinator sends the decision as
   * well. Memory may answer it because a tombstone keeps the branch from ever coming back.
   */
  const recent = new Map<string, EndAnswer>();
  const preparedHere: PreparedHere = new Map();
  return {
    // Twice at once is one branch: the second message waits for the vote of the first.
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

/** Those that another copy of this service, or an operator, has ended. */
function forget(preparedHere: PreparedHere, own: readonly { id: string }[]): void {
  const prepared = new Set(own.map(({ id }) => id));
  for (const [id, { since }] of preparedHere) {
    if (!prepared.has(id) && performance.now() - since > FORGET_AFTER_MS) preparedHere.delete(id);
  }
}

const RECENT_MAX = 1_000;

/** Joins a call that is under way for the same key. */
function join<T>(running: Map<string, Promise<T>>, key: string, work: () => Promise<T>) {
  const known = running.get(key);
  if (known !== undefined) return known;
  const begun = work().finally(() => running.delete(key));
  running.set(key, begun);
  return begun;
}
