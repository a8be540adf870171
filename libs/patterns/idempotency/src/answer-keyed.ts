import { failpoint } from '@indoubt/chaos';
import { type Pool, type Tx, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { problemOf } from '@indoubt/http';
import { SOON_MS, type StoredAnswer } from './decide.ts';
import type { KeyedRequest } from './keyed-request.ts';
import { type Attempt, inUse, type Keys } from './keys.ts';

/** An answer, and whether it was given before. */
export interface KeyedAnswer extends StoredAnswer {
  isReplayed: boolean;
}

/**
 * Answers a request once: claim, work and answer in one transaction. A refusal of the domain is an
 * answer too; an accident is not, and leaves the key as it was.
 * @param work  writes in `tx` and nothing else; refuses before it writes
 * @throws Failure: see `Keys.claim`; what `work` throws and is no refusal
 */
export function answerKeyed(
  pool: Pool,
  keys: Keys,
  request: KeyedRequest,
  work: (tx: Tx) => Promise<StoredAnswer>,
): Promise<KeyedAnswer> {
  return withTransaction(pool, async (tx) => {
    const claim = await keys.claim(tx, request);
    if (claim.kind === 'replay') return { ...claim.answer, isReplayed: true };
    await failpoint(claim.isTakenOver ? 'reclaimed-not-placed' : 'keyed-not-placed');
    const answer = await answerOf(tx, work);
    await completeOrLose(tx, keys, claim.attempt, answer);
    if (answer.status >= REFUSED) await failpoint('refused-not-committed');
    return { ...answer, isReplayed: false };
  });
}

/** The work's own answer, or its refusal as one. @throws what is neither */
async function answerOf(tx: Tx, work: (tx: Tx) => Promise<StoredAnswer>): Promise<StoredAnswer> {
  const before = tx.writes(); // one that takes over has written already
  try {
    return await work(tx);
  } catch (error) {
    const refusal = refusalOf(error);
    // What it wrote would be committed with the refusal.
    if (refusal === undefined || tx.writes() > before) throw error;
    return refusal;
  }
}

const REFUSED = 400;
const SERVER_ERROR = 500;

/**
 * A refusal as it would be answered; undefined for what may be different next time, and for a
 * request that does not fit: corrected, it may come with the same key. Pure.
 */
export function refusalOf(error: unknown): StoredAnswer | undefined {
  if (!(error instanceof Failure) || error.certainty !== 'definite') return undefined;
  if (error.code === 'invalid-request') return undefined;
  const { body, headers } = problemOf(error);
  const isRefusal = body.status >= REFUSED && body.status < SERVER_ERROR;
  if (!isRefusal) return undefined;
  const type = { 'Content-Type': 'application/problem+json' };
  return { status: body.status, headers: { ...headers, ...type }, body };
}

/** @throws Failure 'idempotency-key-in-use' (indefinite) when it was taken over: roll back */
export async function completeOrLose(
  tx: Tx,
  keys: Keys,
  attempt: Attempt,
  answer: StoredAnswer,
): Promise<void> {
  if (!(await keys.complete(tx, attempt, answer))) throw inUse(attempt.request, SOON_MS);
}
