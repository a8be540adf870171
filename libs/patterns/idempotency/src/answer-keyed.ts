import { failpoint } from '@indoubt/chaos';
import { type Pool, type Tx, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { problemOf } from '@indoubt/http';
import { SOON_MS, type StoredAnswer } from './decide.ts';
import type { KeyedRequest } from './keyed-request.ts';
import { type Attempt, inUse, type Keys } from './keys.ts';

/** An answer, and whether it is a replay. */
export interface KeyedAnswer extends StoredAnswer {
  isReplayed: boolean;
}

/**
 * Answers a request once: claim, work and answer are one transaction. A refusal by the domain is
 * stored as the answer. Any other error rolls back and leaves the key as it was.
 * @param work  writes only in `tx`; must refuse before it writes
 * @throws Failure: see `Keys.claim`; any error of `work` that is not a refusal
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

/** The answer of the work; a refusal becomes an answer. @throws any other error of the work */
async function answerOf(tx: Tx, work: (tx: Tx) => Promise<StoredAnswer>): Promise<StoredAnswer> {
  const before = tx.writes(); // a claim that takes over has written already
  try {
    return await work(tx);
  } catch (error) {
    const refusal = refusalOf(error);
    // The writes of the work would be committed together with the refusal.
    if (refusal === undefined || tx.writes() > before) throw error;
    return refusal;
  }
}

const REFUSED = 400;
const SERVER_ERROR = 500;

/**
 * The answer to a definite refusal (4xx). Undefined for an error that a retry may not meet again,
 * and for an invalid request: the client may correct the request and reuse its key. Pure.
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

/**
 * Stores the answer of an attempt.
 * @throws Failure 'idempotency-key-in-use' (indefinite) when the attempt was taken over: roll back
 */
export async function completeOrLose(
  tx: Tx,
  keys: Keys,
  attempt: Attempt,
  answer: StoredAnswer,
): Promise<void> {
  if (!(await keys.complete(tx, attempt, answer))) throw inUse(attempt.request, SOON_MS);
}
