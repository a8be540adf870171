import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { hasStruck, unspentRules } from './spent-rules.ts';

const CRASH = 'payment:acted-not-committed=crash@2';
const LATE = 'payment:*=delay(50ms)';
const OFTEN = 'payment:received-not-handled=crash(p=0.1)';

function struck(process: string, rule: string): RecordLine {
  return { kind: 'event', process, pid: 1, at: 0, event: 'failpoint-hit', rule };
}

test('a crash that has struck is no part of the next life', () => {
  expect(unspentRules(`${CRASH}; ${LATE}`, 'payment', [struck('payment', CRASH)])).toBe(LATE);
});

test('one that has not struck yet, or strikes by chance, is', () => {
  const lines = [struck('payment', OFTEN)];
  expect(unspentRules(`${CRASH}; ${OFTEN}`, 'payment', lines)).toBe(`${CRASH}; ${OFTEN}`);
});

test('rules about other processes are not told to this one', () => {
  expect(unspentRules(CRASH, 'inventory', [])).toBe('');
});

test('what struck another process has not struck this one', () => {
  const lines = [struck('inventory', LATE)];
  expect(hasStruck(LATE, 'payment', lines)).toBe(false);
  expect(hasStruck(LATE, null, lines)).toBe(true);
});
