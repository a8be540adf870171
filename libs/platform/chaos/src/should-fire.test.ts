import { expect, test } from 'vitest';
import type { Trigger } from './chaos-rule.ts';
import { seededRandom } from './seeded-random.ts';
import { shouldFire } from './should-fire.ts';

function firing(trigger: Trigger, always = false, random = () => 0): number[] {
  return [1, 2, 3, 4, 5, 6].filter((hits) => shouldFire(trigger, hits, random, always));
}

test('a rule fires at its hit, at every n-th hit, at the first hit, or always', () => {
  expect(firing({ hit: 3 })).toEqual([3]);
  expect(firing({ every: 2 })).toEqual([2, 4, 6]);
  expect(firing({})).toEqual([1]);
  expect(firing({}, true)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a rule with a probability fires when the number drawn is below it', () => {
  const numbers = [0.19, 0.2, 0.5, 0.1, 0.9, 0];
  expect(firing({ probability: 0.2 }, false, () => numbers.shift() ?? 1)).toEqual([1, 4, 6]);
});

test('numbers depend on the seed and on the process', () => {
  const first = (seed: number, process: string) => {
    const next = seededRandom(seed, process);
    return [next(), next(), next()];
  };
  expect(first(7, 'order')).toEqual(first(7, 'order'));
  expect(first(7, 'order')).not.toEqual(first(8, 'order'));
  expect(first(7, 'order')).not.toEqual(first(7, 'payment'));
});

test('numbers are spread evenly over [0, 1)', () => {
  const next = seededRandom(1, 'order');
  const tenths = Array.from({ length: 10_000 }, () => Math.floor(next() * 10));
  for (const tenth of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const share = tenths.filter((each) => each === tenth).length;
    expect(share).toBeGreaterThan(850);
    expect(share).toBeLessThan(1_150);
  }
});
