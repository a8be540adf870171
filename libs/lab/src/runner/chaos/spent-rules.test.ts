import { chaosText, parseChaos } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { eventLine } from '../../evidence/record/sample-lines.fixture.ts';
import type { ProcessName } from '../lab/process-name.ts';
import { hasStruck, unspentRules } from './spent-rules.ts';

const CRASH = 'payment:acted-not-committed=crash@2';
const LATE = 'payment:*=delay(50ms)';
const OFTEN = 'payment:received-not-handled=crash(p=0.1)';

function struck(process: string, rule: string): RecordLine {
  return eventLine(process, 0, { event: 'failpoint-hit', rule });
}

function leftOf(text: string, process: ProcessName, lines: RecordLine[]): string {
  return chaosText(unspentRules(parseChaos(text), process, lines));
}

test('a crash that has struck is no part of the next life', () => {
  expect(leftOf(`${CRASH}; ${LATE}`, 'payment', [struck('payment', CRASH)])).toBe(LATE);
});

test('one that has not struck yet, or strikes by chance, is', () => {
  const lines = [struck('payment', OFTEN)];
  expect(leftOf(`${CRASH}; ${OFTEN}`, 'payment', lines)).toBe(`${CRASH}; ${OFTEN}`);
});

test('rules about other processes are not told to this one', () => {
  expect(leftOf(CRASH, 'inventory', [])).toBe('');
});

test('what struck another process has not struck this one', () => {
  const lines = [struck('inventory', LATE)];
  const strikes = (process: ProcessName | null) =>
    parseChaos(LATE).map((rule) => hasStruck(rule, process, lines));
  expect(strikes('payment')).toEqual([false]);
  expect(strikes(null)).toEqual([true]);
});
