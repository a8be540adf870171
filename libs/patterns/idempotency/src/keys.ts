import type { Queries, Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { record } from '@indoubt/record';
import { v7 } from 'uuid';
import { type Decision, decide, SOON_MS, type StoredAnswer } from './decide.ts';
import {
  deleteLease,
  deleteOld,
  insertAnswer,
  insertLease,
  type KeyTimes,
  readUnderLock,
  saveAnswer,
  takeOver,
} from './key-store.ts';
import type { KeyedRequest } from './keyed-request.ts';

/** The right to answer one request under its key. */
export interface Attempt {
  request: KeyedRequest;
  id: string;
  /** Whether the attempt has a row already: leased, or taken over. */
  hasRow: boolean;
}

export type Claim =
  | { kind: 'mine'; attempt: Attempt; isTakenOver: boolean }
  | { kind: 'replay'; answer: StoredAnswer };

/** The keys of a service, in its own database. */
export interface Keys {
  /**
   * Claims the key of the request until the transaction ends. If claim, work and completion are
   * one transaction, a crash leaves no trace of the attempt.
   * @throws Failure 'idempotency-key-in-use' (indefinite, with the time until a retry),
   *   'idempotency-key-reused' (definite: the key belongs to another request)
   */
  claim(tx: Tx, request: KeyedRequest): Promise<Claim>;
  /**
   * Extends the claim beyond this transaction, until it is completed or its lease ends. For work
   * that calls other services and so cannot be one transaction.
   */
  lease(tx: Tx, attempt: Attempt): Attempt;
  /**
   * Stores the answer in the transaction of the business write.
   * @returns false when the attempt was taken over: the caller must roll back
   */
  complete(tx: Tx, attempt: Attempt, answer: StoredAnswer): Promise<boolean>;
  /** Releases a leased key early, for an attempt that has changed nothing and has ended. */
  release(tx: Queries, attempt: Attempt): Promise<void>;
  /** Deletes expired and abandoned keys. @returns keys deleted, at most 100 */
  reap(tx: Queries): Promise<number>;
}

const REAPED_MAX = 100;

export function createKeys(times: KeyTimes): Keys {
  return {
    async claim(tx, request) {
      const decision = await decideTwice(tx, request);
      const id = v7();
      if (decision.kind === 'new') return mine({ request, id, hasRow: false }, false);
      if (decision.kind !== 'take-over') return answered(request, decision);
      if (!(await takeOver(tx, request, decision.attempt, id, times))) {
        throw refused(inUse(request, SOON_MS), request);
      }
      const { key } = request;
      tx.onCommit(() => record({ event: 'key-taken-over', key, attempt: id }));
      return mine({ request, id, hasRow: true }, true);
    },
    lease(tx, attempt) {
      if (!attempt.hasRow) insertLease(tx, attempt.request, attempt.id, times);
      return { ...attempt, hasRow: true };
    },
    async complete(tx, { request, id, hasRow }, answer) {
      if (hasRow) return saveAnswer(tx, request, id, answer, times.retainMs);
      insertAnswer(tx, request, id, answer, times.retainMs);
      return true;
    },
    release: (tx, { request, id }) => deleteLease(tx, request, id),
    reap: (tx) => deleteOld(tx, REAPED_MAX),
  };
}

/**
 * A rollback releases the two locks one after the other. Between the two releases the same request
 * looks like a different request, so a mismatch is decided a second time.
 */
async function decideTwice(tx: Tx, request: KeyedRequest): Promise<Decision> {
  const { fingerprint } = request;
  const decision = decide(fingerprint, await readUnderLock(tx, request));
  if (decision.kind !== 'mismatch') return decision;
  return decide(fingerprint, await readUnderLock(tx, request));
}

/** @throws Failure: see `Keys.claim` */
export function answered(
  request: KeyedRequest,
  decision: Extract<Decision, { kind: 'replay' | 'in-use' | 'mismatch' }>,
): Claim {
  const { key } = request;
  if (decision.kind === 'replay') {
    record({ event: 'key-replayed', key, status: decision.answer.status });
    return decision;
  }
  if (decision.kind === 'in-use') throw refused(inUse(request, decision.retryAfterMs), request);
  const what = `Idempotency-Key "${key}" was used for another request.`;
  const next = 'Use a new key for a new request, and repeat an old request unchanged.';
  throw refused(new Failure('idempotency-key-reused', `${what} ${next}`), request);
}

function refused(failure: Failure, { key }: KeyedRequest): Failure {
  record({ event: 'key-refused', key, code: failure.code });
  return failure;
}

export function mine(attempt: Attempt, isTakenOver: boolean): Claim {
  return { kind: 'mine', attempt, isTakenOver };
}

/** The failure of an attempt that was taken over, or that finds another attempt in progress. */
export function inUse({ key }: KeyedRequest, retryAfterMs: number): Failure {
  const what = `A request with Idempotency-Key "${key}" is in progress, or its end is in doubt.`;
  const next = 'Repeat the request unchanged after the time in Retry-After to get its answer.';
  return new Failure('idempotency-key-in-use', `${what} ${next}`, { retryAfterMs });
}
