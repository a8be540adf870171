import type { Queries, Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { countClaims } from './count-claims.ts';
import type { Claim, Keys } from './keys.ts';

const request = { scope: 'POST /orders', key: 'k', fingerprint: 'f' };
const never = () => Promise.reject(new Error('must not be called'));
const queries: Queries = { query: never };
const nothing = () => undefined;
const tx: Tx = { ...queries, write: nothing, writes: () => 0, onCommit: nothing };

/** Keys whose claims have these outcomes, in this order. */
function keysThat(ends: (Claim | Error)[]): Keys {
  const left = [...ends];
  return {
    async claim() {
      const end = left.shift();
      if (end === undefined || end instanceof Error) throw end ?? new Error('no outcome left');
      return end;
    },
    lease: (_tx, attempt) => attempt,
    complete: never,
    release: never,
    reap: never,
  };
}

function mine(isTakenOver: boolean): Claim {
  return { kind: 'mine', attempt: { request, id: 'a', hasRow: isTakenOver }, isTakenOver };
}

test('each claim is counted by its outcome, and a claim that fails by a bug is not', async () => {
  const replay: Claim = { kind: 'replay', answer: { status: 202, headers: {}, body: {} } };
  const inUse = new Failure('idempotency-key-in-use', 'in progress');
  const reused = new Failure('idempotency-key-reused', 'another request');
  const ends = [mine(false), mine(false), mine(true), replay, inUse, reused, new Error('a bug')];
  const keys = countClaims(keysThat(ends));
  const outcomes = await Promise.allSettled(ends.map(() => keys.claim(tx, request)));
  expect(outcomes.map(({ status }) => status).filter((each) => each === 'rejected')).toHaveLength(
    3,
  );
  expect(keys.counts).toEqual({ new: 2, 'taken-over': 1, replay: 1, 'in-use': 1, mismatch: 1 });
});
