import { expect, test } from 'vitest';
import { costTable } from './cost-table.ts';

test('the table lists the ten files that took the most processor time, and counts all', () => {
  const costs = Array.from({ length: 12 }, (_, n) => {
    return { file: `${n}.test.ts`, wallSeconds: 1, cpuSeconds: 10 * n };
  });
  const [title, head, ...rows] = costTable(costs).split('\n');
  expect(title).toBe('The 10 most expensive of 12 files (11.0 min CPU in all):');
  expect(head).toBe('    CPU     wall');
  expect(rows).toHaveLength(10);
  expect(rows[0]).toBe('    110 s      1 s  11.test.ts');
});
