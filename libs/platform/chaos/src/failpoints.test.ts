import { expect, test } from 'vitest';
import { FAILPOINTS } from './failpoints.ts';
import { WINDOWS } from './windows.ts';

test('the catalogue has one entry for each process of each window, and no name twice', () => {
  const names = FAILPOINTS.map(({ name }) => name);
  const count = Object.values(WINDOWS).reduce((sum, { of }) => sum + of.length, 0);
  expect(names).toHaveLength(count);
  expect(new Set(names).size).toBe(count);
  expect(names).toContain('payment:handled-not-acknowledged');
});

test('each name has the form PROCESS:X-not-Y, and each entry explains X and Y', () => {
  for (const { name, process, window, happened, not } of FAILPOINTS) {
    expect(name).toBe(`${process}:${window}`);
    expect(window).toMatch(/^[a-z]+-not-[a-z]+$/);
    expect(Math.min(happened.length, not.length)).toBeGreaterThan(10);
  }
});
