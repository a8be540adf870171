import { expect, test } from 'vitest';
import { shrinkSteps } from './shrink-steps.ts';

const HUNDRED = Array.from({ length: 100 }, (_, n) => n);

/** Shrinks a storm that breaks as long as it has all culprits. */
async function shrunkTo(culprits: number[], triesMax = Number.POSITIVE_INFINITY) {
  const tried: number[][] = [];
  const shrunk = await shrinkSteps(HUNDRED, {
    breaks(steps) {
      tried.push(steps);
      return Promise.resolve(culprits.every((step) => steps.includes(step)));
    },
    mayTry: (tries) => tries < triesMax,
  });
  return { ...shrunk, tried };
}

test('one culprit out of a hundred is found in few tries', async () => {
  const { steps, isMinimal, tries } = await shrunkTo([37]);
  expect({ steps, isMinimal }).toEqual({ steps: [37], isMinimal: true });
  expect(tries).toBeLessThan(20);
});

test.each([[[3, 99]], [[0, 50, 51]], [[10, 20, 30, 40]]])(
  'culprits that break only together are all found, in their order: %j',
  async (culprits) => {
    const { steps, isMinimal } = await shrunkTo(culprits);
    expect({ steps, isMinimal }).toEqual({ steps: culprits, isMinimal: true });
  },
);

test('a storm that breaks without steps shrinks to no steps', async () => {
  expect((await shrunkTo([])).steps).toEqual([]);
});

test('after the last try the smallest broken schedule is marked as not minimal', async () => {
  const { steps, isMinimal, tries } = await shrunkTo([37], 3);
  expect({ isMinimal, tries }).toEqual({ isMinimal: false, tries: 3 });
  expect(steps).toContain(37);
  expect(steps.length).toBeLessThan(100);
});

test('each try is a smaller subset of the steps in their order', async () => {
  const { tried } = await shrunkTo([3, 99]);
  for (const steps of tried) {
    expect(steps).toEqual(HUNDRED.filter((step) => steps.includes(step)));
    expect(steps.length).toBeLessThan(100);
  }
});
