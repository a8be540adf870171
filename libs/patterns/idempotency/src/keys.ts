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
  /** Whether there is a row of it already: leased, or taken over. */
  hasRow: boolean;
}

export type Claim =
  | { kind: 'mine'; attempt: Attempt; isTakenOver: boolean }
  | { kind: 'replay'; answer: StoredAnswer };

/** The keys of a service, in its own database. */
export interface Keys {
  /**
   * Claims the request's key, until the transaction ends: claimed, worked and completed in one
   * transaction, a crash leaves nothing of it.
   * @throws Failure 'idempotency-key-in-use' (indefinite, with when to retry),
   *   'idempotency-key-reused' (definite: the key belongs to another request)
   */
  claim(tx: Tx, request: KeyedRequest): Promise<Claim>;
  /**
   * For work that no transaction can hold together, since it calls other services: the claim
   * outlives this transaction, until it is completed or its lease ends.
   */
  lease(tx: Tx, attempt: Attempt): Attempt;
  /**
   * Stores the answer, in the transaction of the business write.
   * @returns false when the attempt was taken over meanwhile: write nothing, and roll back
   */
  complete(tx: Tx, attempt: Attempt, answer: StoredAnswer): Promise<boolean>;
  /** Gives a leased key back at once: this attempt has done nothing, and will not. */
  release(tx: Queries, attempt: Attempt): Promise<void>;
  /** Deletes keys that no client will repeat. @returns how many: at most 100 */
  reap(tx: Queries): Promise<number>;
}

const REAPED_MAX = 100;

export function createKeys(times: KeyTimes): Keys {
  return {
    async claim(tx, request) {
      const decision = await decideSurely(tx, request);
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
 * The locks of a transaction that is rolled back go one after the other: between two of them the
 * same request looks like another one. A refusal for good is checked twice.
 */
async function decideSurely(tx: Tx, request: KeyedRequest): Promise<Decision> {
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
  const next = 'Take a new key for a new request; repeat an old one unchanged.';
  throw refused(new Failure('idempotency-key-reused', `${what} ${next}`), request);
}

function refused(failure: Failure, { key }: KeyedRequest): Failure {
  record({ event: 'key-refused', key, code: failure.code });
  return failure;
}

export function mine(attempt: Attempt, isTakenOver: boolean): Claim {
  return { kind: 'mine', attempt, isTakenOver };
}

/** The failure of an attempt that was taken over, or that finds another in progress. */
export function inUse({ key }: KeyedRequest, retryAfterMs: number): Failure {
  const what = `A request with Idempotency-Key "${key}" is under way, or its end is in doubt.`;
  const next = 'Repeat it unchanged after the time in Retry-After: it is answered then.';
  return new Failure('idempotency-key-in-use', `${what} ${next}`, { retryAfterMs });
}
