import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { renderChecks } from './render-checks.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const DROP = `drop of ${ORDER_ID}:reserve-stock (inventory.commands, offset 0)`;
const DEAD = 'dead letter from inventory.commands: Error: release-stock: there is no';

/** The rendered lines below the evidence, without their indent. */
function because(text: string, traceId: string | null = TRACE): string[] {
  const cause = { event: 'x', atMs: 1_234.4, process: 'inventory', text, traceId };
  const broken = {
    id: 'INV-6',
    title: 'One effect',
    holds: false,
    detail: 'twice',
    violations: [],
    because: cause,
  };
  const checks = { verdict: 'broken' as const, invariants: [broken], expectations: [] };
  const lines = renderChecks(checks, createPaint(false)).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  return lines.slice(3).map((line) => line.replace(/^ {10}/, ''));
}

test('a broken invariant shows in two lines its cause and the trace', () => {
  const text = 'inventory acted on reserve-stock a second time';
  expect(because(text)).toEqual([`first inevitable at +1.234 s: ${text}; trace`, TRACE]);
  expect(because(text, null)).toEqual([`first inevitable at +1.234 s: ${text}`]);
});

test.each([
  [
    DROP,
    'first inevitable at +1.234 s: inventory: drop of',
    `${ORDER_ID}:reserve-stock (inventory.commands, offset 0)`,
  ],
  [
    `${DEAD} reserve-stock of ${ORDER_ID}`,
    'first inevitable at +1.234 s: inventory: dead letter from inventory.commands: Error:',
    `release-stock: there is no reserve-stock of ${ORDER_ID}`,
  ],
])(
  'a cause of two full lines is not cut: the trace gets a line of its own (%#)',
  (text, ...lines) => {
    expect(because(text)).toEqual([...lines, `trace ${TRACE}`]);
    expect(because(text, null)).toEqual(lines);
  },
);

test('a cause of more than two lines is cut after a word of its second line', () => {
  const [, second, trace, ...more] = because('attempt 1 failed, and then '.repeat(9));
  expect(second).toMatch(/ (attempt|1|failed,|and|then) …$/);
  expect([trace, ...more]).toEqual([`trace ${TRACE}`]);
});
