import type { Lifeline, SequenceStep } from './sequence-model.ts';

/** Those that these steps have to do with, in their order. Pure. */
export function usedLifelines<T extends Pick<Lifeline, 'id'>>(
  lifelines: readonly T[],
  steps: readonly SequenceStep[],
): T[] {
  const used = new Set(steps.flatMap(({ from, to }) => [from, to]));
  return lifelines.filter(({ id }) => used.has(id));
}
