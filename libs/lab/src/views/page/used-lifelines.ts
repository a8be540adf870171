import type { Lifeline, SequenceStep } from './sequence-model.ts';

/** The lifelines that the steps use, in the order of `lifelines`. Pure. */
export function usedLifelines<T extends Pick<Lifeline, 'id'>>(
  lifelines: readonly T[],
  steps: readonly SequenceStep[],
): T[] {
  const used = new Set(steps.flatMap(({ from, to }) => [from, to]));
  return lifelines.filter(({ id }) => used.has(id));
}
