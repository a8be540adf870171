import { expect, test } from 'vitest';
import { BOUNDS_SECONDS, createSpread, createTally } from './tally.ts';

test('counts by labels, from zero where it is known what may come', () => {
  const tally = createTally([{ decision: 'commit' }, { decision: 'abort' }]);
  tally.add({ decision: 'abort' });
  tally.add({ decision: 'abort' });
  expect(tally.samples()).toEqual([
    { labels: { decision: 'commit' }, value: 0 },
    { labels: { decision: 'abort' }, value: 2 },
  ]);
});

test('a duration counts in the first range that it fits, one too long in the last', () => {
  const spread = createSpread();
  for (const seconds of [0.005, 0.006, 31]) spread.add({ step: 'reserve-stock' }, seconds);
  const [one] = spread.samples();
  expect(one?.counts).toHaveLength(BOUNDS_SECONDS.length + 1);
  expect(one?.counts.flatMap((count, index) => (count > 0 ? [index] : []))).toEqual([
    0,
    1,
    BOUNDS_SECONDS.length,
  ]);
  expect(one?.sum).toBeCloseTo(31.011);
});
