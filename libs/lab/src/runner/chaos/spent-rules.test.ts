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

test('a restarted process does not get a crash rule that has already fired', () => {
  expect(leftOf(`${CRASH}; ${LATE}`, 'payment', [struck('payment', CRASH)])).toBe(LATE);
});

test('a restarted process gets a rule that has not fired yet or that has a probability', () => {
  const lines = [struck('payment', OFTEN)];
  expect(leftOf(`${CRASH}; ${OFTEN}`, 'payment', lines)).toBe(`${CRASH}; ${OFTEN}`);
});

test('a process does not get the rules of other processes', () => {
  expect(leftOf(CRASH, 'inventory', [])).toBe('');
});

test('a rule that fired in another process has not fired in this process', () => {
  const lines = [struck('inventory', LATE)];
  const strikes = (process: ProcessName | null) =>
    parseChaos(LATE).map((rule) => hasStruck(rule, process, lines));
  expect(strikes('payment')).toEqual([false]);
  expect(strikes(null)).toEqual([true]);
});
