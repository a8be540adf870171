import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inOrder } from './in-order.ts';

const DELAY_MS = 100;
let delivered: number[];

beforeEach(() => {
  delivered = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

function started() {
  return inOrder(({ at }: { at: number }) => void delivered.push(at), DELAY_MS);
}

test('lines that arrive within the delay are delivered in the order of time', () => {
  const lines = started();
  lines.push({ at: 5 });
  lines.push({ at: 7 });
  vi.advanceTimersByTime(60);
  lines.push({ at: 3 });
  expect(delivered).toEqual([]);
  vi.advanceTimersByTime(DELAY_MS);
  expect(delivered).toEqual([3, 5, 7]);
});

test('a line is delivered after its delay, also when more lines keep arriving', () => {
  const lines = started();
  for (let at = 0; at < 10; at++) {
    lines.push({ at });
    vi.advanceTimersByTime(60);
  }
  expect(delivered).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('after a flush the buffer is empty and no timer is left', () => {
  const lines = started();
  lines.push({ at: 2 });
  lines.push({ at: 1 });
  lines.flush();
  lines.flush();
  expect(delivered).toEqual([1, 2]);
  expect(vi.getTimerCount()).toBe(0);
});

test('lines with the same time are delivered in the order of their arrival', () => {
  const delivered: string[] = [];
  const lines = inOrder(
    ({ name }: { at: number; name: string }) => void delivered.push(name),
    DELAY_MS,
  );
  for (const name of ['first', 'second', 'third']) lines.push({ at: 1, name });
  lines.flush();
  expect(delivered).toEqual(['first', 'second', 'third']);
});
