import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inOrder } from './in-order.ts';

const HOLD_MS = 100;
let told: number[];

beforeEach(() => {
  told = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function started() {
  return inOrder(({ at }: { at: number }) => void told.push(at), HOLD_MS);
}

test('lines read within the moment are told in the order of time', () => {
  const lines = started();
  lines.push({ at: 5 });
  lines.push({ at: 7 });
  vi.advanceTimersByTime(60);
  lines.push({ at: 3 });
  expect(told).toEqual([]);
  vi.advanceTimersByTime(HOLD_MS);
  expect(told).toEqual([3, 5, 7]);
});

test('a line is held no longer than its moment, however many follow', () => {
  const lines = started();
  for (let at = 0; at < 10; at++) {
    lines.push({ at });
    vi.advanceTimersByTime(60);
  }
  expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('at the end nothing is left, nor any timer', () => {
  const lines = started();
  lines.push({ at: 2 });
  lines.push({ at: 1 });
  lines.flush();
  lines.flush();
  expect(told).toEqual([1, 2]);
  expect(vi.getTimerCount()).toBe(0);
});

test('lines of one moment keep the order in which they came', () => {
  const told: string[] = [];
  const lines = inOrder(({ name }: { at: number; name: string }) => void told.push(name), HOLD_MS);
  for (const name of ['first', 'second', 'third']) lines.push({ at: 1, name });
  lines.flush();
  expect(told).toEqual(['first', 'second', 'third']);
});
