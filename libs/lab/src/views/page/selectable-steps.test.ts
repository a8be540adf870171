import { expect, test } from 'vitest';
import { sampleReport } from './sample-report.fixture.ts';
import { chosenStep, selectableSteps } from './selectable-steps.ts';

const { events, sequence } = sampleReport('saga', { orders: 1 });
const { steps } = sequence;
const shared = steps.findIndex((step, index) => step.event === steps[index + 1]?.event);

test('every step can be selected, also the second step of an event', () => {
  expect(shared).toBeGreaterThan(0);
  expect(selectableSteps(steps, events)).toEqual(steps.map((_step, index) => index));
});

test('a step without an event, or with a hidden event, cannot be selected', () => {
  const [first, ...others] = steps;
  const without = first === undefined ? [] : [{ ...first, event: null }, ...others];
  const some = events.filter(({ id }) => id !== steps[1]?.event);
  expect(selectableSteps(without, some).slice(0, 2)).toEqual([2, 3]);
});

test('the selected step is the chosen step of the event, else its first step', () => {
  const [one, other] = [steps[shared] ?? null, steps[shared + 1] ?? null];
  const event = one?.event ?? null;
  expect(chosenStep(steps, other, event)).toBe(shared + 1);
  expect(chosenStep(steps, one, event)).toBe(shared);
  expect(chosenStep(steps, steps[0] ?? null, event)).toBe(shared);
  // With a different order chosen, the step is not shown any more.
  expect(chosenStep(steps.slice(0, shared), other, event)).toBe(-1);
  expect(chosenStep(steps, other, null)).toBe(-1);
});
