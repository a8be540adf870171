import type { StepAnswer } from '@indoubt/contracts';
import {
  finishPrepared,
  listPrepared,
  type Pool,
  type Prepared,
  prepareTransaction,
  type Queries,
  type Tx,
  withTransaction,
} from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { inSpan, record, traceparent } from '@indoubt/record';
import type { z } from 'zod';
import { isOver, leaveTombstone, markCommitted, readBranch } from './branch-store.ts';
import type { Decision } from './coordinate.ts';
import { gidOf, transactionOf } from './gid.ts';
import type { BranchBody, EndAnswer, VoteAnswer, Work } from './messages.ts';
import { onDecision, onPrepare } from './participate.ts';

/** A command of the domain that can be one branch of a global transaction. */
export interface BranchWork<Body> {
  type: string;
  body: z.ZodType<Body>;
  /** The effect, in `tx` and nowhere else. A refusal by a domain rule is a vote, not an error. */
  act(tx: Tx, body: Body): Promise<StepAnswer>;
}

type Act = (tx: Tx) => Promise<StepAnswer>;
export type AnyBranchWork = { type: string; actOn(body: unknown): Act };

/** Its body's type is its own affair. */
export function branchWork<Body>({ type, body, act }: BranchWork<Body>): AnyBranchWork {
  return {
    type,
    actOn(unread) {
      const parsed = body.safeParse(unread);
      if (!parsed.success) throw new Failure('invalid-request', `${type}: ${parsed.error.message}`);
      return (tx) => act(tx, parsed.data);
    },
  };
}

export interface BranchesParts {
  lab: string;
  service: string;
  /** For the work of branches: they may wait for each other's locks. */
  workPool: Pool;
  /** For ending them, and single statements: never waits behind work that waits for a lock. */
  endPool: Pool;
  read: Queries;
  works: AnyBranchWork[];
  crash(point: 'worked-not-prepared' | 'prepared-not-voted' | 'finished-not-acknowledged'): void;
}

/** A branch of this service that is prepared. */
export interface InDoubt extends Prepared {
  id: string;
  /** The trace it was prepared in; null when that was before a restart. */
  traceparent: string | null;
}

/** A participant's branches: one for each global transaction that it takes part in. */
export interface Branches {
  /** Does the work and prepares it, or says why not. Asked again, votes again. */
  prepare(id: string, body: BranchBody): Promise<VoteAnswer>;
  /** Does the work and commits it: for the only participant that writes. */
  commitOnePhase(id: string, body: BranchBody): Promise<VoteAnswer>;
  /** Ends the branch as decided, whether it is prepared, was ended before, or never came. */
  end(id: string, decision: Decision): Promise<EndAnswer>;
  /** Own branches that wait for a decision, and prepared transactions that are nobody's here. */
  inDoubt(): Promise<{ own: InDoubt[]; others: Prepared[] }>;
  /** Whether this branch is prepared now. */
  isPrepared(id: string): Promise<boolean>;
}

const YES: VoteAnswer = { vote: 'yes', reason: null, detail: '' };
const READ_ONLY: VoteAnswer = { vote: 'read-only', reason: null, detail: '' };
const OVER: VoteAnswer = no('transaction-aborted', 'The abort of this transaction came first.');

export function createBranches(parts: BranchesParts): Branches {
  const { lab, service, read } = parts;
  const gid = (id: string) => gidOf(lab, service, id);
  const preparing = new Map<string, Promise<VoteAnswer>>();
  const ending = new Map<string, Promise<EndAnswer>>();
  const held: Held = new Map();
  return {
    // Twice at once is one branch: the second message waits for the vote of the first.
    prepare: (id, body) =>
      once(preparing, id, () => prepareOne(parts, held, { id, gid: gid(id), ...body })),
    commitOnePhase: (id, body) => commitAlone(parts, { id, gid: gid(id), ...body }),
    end: (id, decision) =>
      once(ending, `${id} ${decision}`, () => endOne(parts, held, id, gid(id), decision)),
    async inDoubt() {
      const all = await listPrepared(read);
      const own = all.flatMap((each) => {
        const id = transactionOf(lab, service, each.gid);
        const trace = id === undefined ? undefined : held.get(id)?.traceparent;
        return id === undefined ? [] : [{ ...each, id, traceparent: trace ?? null }];
      });
      const others = all.filter((each) => transactionOf(lab, service, each.gid) === undefined);
      return { own, others };
    },
    isPrepared: (id) => isPrepared(read, gid(id)),
  };
}

/** What was prepared by this process: when, by performance.now(), and in which trace. */
type Held = Map<string, { since: number; traceparent: string | null }>;

interface OneBranch extends BranchBody {
  id: string;
  gid: string;
}

/** A refusal by a domain rule: rolls the work back on its way out. */
class Refused extends Error {
  readonly answer: Extract<StepAnswer, { outcome: 'refused' }>;

  constructor(answer: Refused['answer']) {
    super(answer.detail);
    this.answer = answer;
  }
}

async function prepareOne(parts: BranchesParts, held: Held, one: OneBranch): Promise<VoteAnswer> {
  const startedAt = performance.now();
  const act = actOf(parts, one.work);
  const told = (answer: VoteAnswer, again: boolean) => {
    const { vote, reason } = answer;
    const tookMs = performance.now() - startedAt;
    record({ event: 'branch-voted', orderId: one.id, vote, reason, gid: one.gid, tookMs, again });
    return answer;
  };
  // A vote given before stands: doing the work again would wait for its own locks.
  if (held.has(one.id)) return told(YES, true);
  try {
    const { isPrepared: prepared } = await inSpan(one.work.type, spanOf(one), () =>
      prepareTransaction(parts.workPool, one.gid, one.withinMs, async (tx) => {
        await effect(tx, act);
        if (tx.wrote()) markCommitted(tx, one.id, false);
        parts.crash('worked-not-prepared');
      }),
    );
    if (!prepared) return told(READ_ONLY, false);
    held.set(one.id, { since: performance.now(), traceparent: traceparent() });
    parts.crash('prepared-not-voted');
    return told(YES, false);
  } catch (error) {
    if (error instanceof Refused) return told(no(error.answer.reason, error.answer.detail), false);
    return told(await voteAfter(parts, one, error), true);
  }
}

/** The work did not get through: because of an earlier message, or for a reason of its own. */
async function voteAfter(
  { read }: BranchesParts,
  { id, gid }: OneBranch,
  error: unknown,
): Promise<VoteAnswer> {
  if (!isOver(error) && !(error instanceof Failure)) throw error;
  if (await isPrepared(read, gid)) return YES;
  switch (onPrepare(await readBranch(read, id))) {
    case 'vote-yes-again':
      return YES;
    case 'vote-no':
      return OVER;
    case 'work':
      return no('timed-out', error instanceof Error ? error.message : String(error));
  }
}

async function commitAlone(parts: BranchesParts, one: OneBranch): Promise<VoteAnswer> {
  const act = actOf(parts, one.work);
  try {
    const wrote = await inSpan(one.work.type, spanOf(one), () =>
      withTransaction(parts.workPool, async (tx) => {
        await effect(tx, act);
        if (tx.wrote()) markCommitted(tx, one.id, true);
        return tx.wrote();
      }),
    );
    if (!wrote) return READ_ONLY;
    record({ event: 'branch-ended', orderId: one.id, decision: 'commit', how: 'one-phase' });
    return YES;
  } catch (error) {
    if (error instanceof Refused) return no(error.answer.reason, error.answer.detail);
    // Neither a refusal nor its own earlier success: asked again, it may know.
    if (!isOver(error)) throw error;
    return onPrepare(await readBranch(parts.read, one.id)) === 'vote-no' ? OVER : YES;
  }
}

async function endOne(
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

function actOf({ works, service }: BranchesParts, { type, body }: Work): Act {
  const found = works.find((each) => each.type === type);
  if (found !== undefined) return found.actOn(body);
  throw new Failure('invalid-request', `${service} has no work of type "${type}"`);
}

async function effect(tx: Tx, act: Act): Promise<void> {
  const answer = await act(tx);
  if (answer.outcome === 'refused') throw new Refused(answer);
}

async function isPrepared(read: Queries, gid: string): Promise<boolean> {
  return (await listPrepared(read)).some((each) => each.gid === gid);
}

function spanOf({ id, gid }: OneBranch) {
  return { attributes: { 'order.id': id, 'transaction.gid': gid } };
}

function no(reason: string, detail: string): VoteAnswer {
  return { vote: 'no', reason, detail };
}

/** Joins a call that is under way for the same key. */
function once<T>(running: Map<string, Promise<T>>, key: string, work: () => Promise<T>) {
  const known = running.get(key);
  if (known !== undefined) return known;
  const begun = work().finally(() => running.delete(key));
  running.set(key, begun);
  return begun;
}
