import type { SequenceStep } from './sequence-model.ts';

/**
 * The steps of one order: its own, and those of none, for a crash or a pause befalls all, however
 * early. A commit of none is that of several, such as a relay's mark: it is shown only while the
 * order was under way. Pure; the page and the command line show the same.
 * @param label  of the order
 */
export function stepsOfOrder(steps: readonly SequenceStep[], label: string): SequenceStep[] {
  const first = steps.findIndex(({ order }) => order === label);
  const last = steps.findLastIndex(({ order }) => order === label);
  return steps.filter(({ order, kind }, index) => {
    if (order !== null) return order === label;
    return kind !== 'commit' || (index > first && index < last);
  });
}
