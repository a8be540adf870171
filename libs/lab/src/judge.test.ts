import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { faultsHit, judge } from './judge.ts';

const fault = {
  process: 'inventory',
  failpoint: 'inventory:handled-not-acknowledged',
  hit: 1,
  restart: 'at-once',
} as const;

const hit: RecordLine = {
  kind: 'event',
  event: 'failpoint-hit',
  process: 'inventory',
  pid: 1,
  at: 0,
  name: 'inventory:handled-not-acknowledged',
};

const invariant = (holds: boolean) => ({ id: 'INV-1', title: 'money', holds, detail: '' });
const expectation = (holds: boolean) => ({ title: 'released', holds, detail: '' });

test('a fault that fired in its process is proved', () => {
  expect(faultsHit([fault], [hit])[0]?.holds).toBe(true);
});

test('the same point in another process is not it', () => {
  expect(faultsHit([fault], [{ ...hit, process: 'payment' }])[0]?.holds).toBe(false);
});

test.each([
  ['all holds', null, true, [expectation(true)], 'holds'],
  ['an invariant is broken', null, false, [expectation(true)], 'broken'],
  ['an expectation is not met', null, true, [expectation(false)], 'broken'],
  ['the story got stuck', 'order A is PENDING', true, [], 'broken'],
  ['a fault never fired', null, true, faultsHit([fault], []), 'unknown'],
  ['a fault never fired and it got stuck', 'stuck', true, faultsHit([fault], []), 'unknown'],
  [
    'a fault never fired, and an invariant is broken',
    null,
    false,
    faultsHit([fault], []),
    'broken',
  ],
])('%s', (_, problem, holds, expectations, verdict) => {
  expect(judge({ problem, invariants: [invariant(holds)], expectations }).verdict).toBe(verdict);
});
