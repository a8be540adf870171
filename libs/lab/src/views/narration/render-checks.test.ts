import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { renderChecks } from './render-checks.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const DROP = `drop of ${ORDER_ID}:reserve-stock (inventory.commands, offset 0)`;
const DEAD = 'dead letter: put aside on inventory.commands: Error: release-stock: there is no';

/** The lines under the evidence, without their indent. */
function told(text: string, traceId: string | null = TRACE): string[] {
  const because = { event: 'x', atMs: 1_234.4, process: 'inventory', text, traceId };
  const broken = {
    id: 'INV-6',
    title: 'One effect',
    holds: false,
    detail: 'twice',
    violations: [],
    because,
  };
  const checks = { verdict: 'broken' as const, invariants: [broken], expectations: [] };
  const lines = renderChecks(checks, createPaint(false)).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  return lines.slice(3).map((line) => line.replace(/^ {10}/, ''));
}

test('what made it inevitable, and its trace, in two lines', () => {
  const text = 'inventory acted on reserve-stock a second time';
  expect(told(text)).toEqual([`first inevitable at +1.234 s: ${text}; trace`, TRACE]);
  expect(told(text, null)).toEqual([`first inevitable at +1.234 s: ${text}`]);
});

test.each([
  [
    DROP,
    'first inevitable at +1.234 s: inventory: drop of',
    `${ORDER_ID}:reserve-stock (inventory.commands, offset 0)`,
  ],
  [
    `${DEAD} reserve-stock of ${ORDER_ID}`,
    'first inevitable at +1.234 s: inventory: dead letter: put aside on inventory.commands:',
    `Error: release-stock: there is no reserve-stock of ${ORDER_ID}`,
  ],
])('a text that leaves no room for its trace is whole (%#)', (text, ...lines) => {
  expect(told(text)).toEqual([...lines, `trace ${TRACE}`]);
  expect(told(text, null)).toEqual(lines);
});

test('a longer one is cut behind a word of its second line', () => {
  const [, second, trace, ...more] = told('attempt 1 failed, and then '.repeat(9));
  expect(second).toMatch(/ (attempt|1|failed,|and|then) …$/);
  expect([trace, ...more]).toEqual([`trace ${TRACE}`]);
});
