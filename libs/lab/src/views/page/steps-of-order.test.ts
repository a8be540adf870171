import { expect, test } from 'vitest';
import type { SequenceStep } from './sequence-model.ts';
import { stepsOfOrder } from './steps-of-order.ts';

function step(order: string | null, kind: SequenceStep['kind']): SequenceStep {
  return { event: 0, atMs: 0, untilMs: null, order, kind, from: 'order', to: 'order', text: '' };
}

test('the steps of an order are its own, and all crashes and pauses of the run', () => {
  const [own, other, all] = [step('A', 'note'), step('B', 'note'), step(null, 'pause')];
  expect(stepsOfOrder([all, own, other, all, own, all], 'A')).toEqual([all, own, all, own, all]);
});

test('a commit for several orders is shown only while the order is in progress', () => {
  const [own, other, mark] = [step('A', 'note'), step('B', 'note'), step(null, 'commit')];
  expect(stepsOfOrder([mark, own, mark, own, other, mark], 'A')).toEqual([own, mark, own]);
});
