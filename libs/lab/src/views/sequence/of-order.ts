import type { SequenceModel } from '../page/sequence-model.ts';
import { stepsOfOrder } from '../page/steps-of-order.ts';
import { knownOrder } from './known-order.ts';
import { lifelinesOf } from './lifelines.ts';

/**
 * The steps of one order, with the steps that affect all orders, as on its page.
 * @param wanted  label of the order, such as `A`
 * @throws Failure 'invalid-request' (definite) when there is no such order
 */
export function ofOrder({ steps }: SequenceModel, wanted: string): SequenceModel {
  const label = knownOrder(wanted, new Set(steps.flatMap(({ order }) => order ?? [])));
  const own = stepsOfOrder(steps, label);
  return { lifelines: lifelinesOf(own), steps: own };
}
