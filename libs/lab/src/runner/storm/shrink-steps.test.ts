import { expect, test } from 'vitest';
import { shrinkSteps } from './shrink-steps.ts';

const HUNDRED = Array.from({ length: 100 }, (_, n) => n);

/** Breaks as long as all of these are there. */
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
  'culprits that break together only are all kept, in their order: %j',
  async (culprits) => {
    const { steps, isMinimal } = await shrunkTo(culprits);
    expect({ steps, isMinimal }).toEqual({ steps: culprits, isMinimal: true });
  },
);

test('what breaks without any step shrinks to none', async () => {
  expect((await shrunkTo([])).steps).toEqual([]);
});

test('out of tries: the smallest that broke, and it says that it is not minimal', async () => {
  const { steps, isMinimal, tries } = await shrunkTo([37], 3);
  expect({ isMinimal, tries }).toEqual({ isMinimal: false, tries: 3 });
  expect(steps).toContain(37);
  expect(steps.length).toBeLessThan(100);
});

test('whatever is tried is a part of the steps, in their order, and smaller', async () => {
  const { tried } = await shrunkTo([3, 99]);
  for (const steps of tried) {
    expect(steps).toEqual(HUNDRED.filter((step) => steps.includes(step)));
    expect(steps.length).toBeLessThan(100);
  }
});
