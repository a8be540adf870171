import type { SequenceStep } from './sequence-model.ts';

/**
 * The steps of one order: its own steps, and steps of no order, because a crash or a pause concerns
 * all orders. A commit of no order belongs to several orders, such as the mark of a relay: it is
 * included only while the order was in progress. Pure; used by the page and the command line.
 * @param label  label of the order
 */
export function stepsOfOrder(steps: readonly SequenceStep[], label: string): SequenceStep[] {
  const first = steps.findIndex(({ order }) => order === label);
  const last = steps.findLastIndex(({ order }) => order === label);
  return steps.filter(({ order, kind }, index) => {
    if (order !== null) return order === label;
    return kind !== 'commit' || (index > first && index < last);
  });
}
