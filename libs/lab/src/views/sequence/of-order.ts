import type { SequenceModel } from '../page/sequence-model.ts';
import { stepsOfOrder } from '../page/steps-of-order.ts';
import { knownOrder } from './known-order.ts';
import { lifelinesOf } from './lifelines.ts';

/**
 * The part of a model that is about one order, with what befell all of them, as on its page.
 * @param wanted  label of the order, such as `A`
 * @throws Failure 'invalid-request' (definite) when there is none
 */
export function ofOrder({ steps }: SequenceModel, wanted: string): SequenceModel {
  const label = knownOrder(wanted, new Set(steps.flatMap(({ order }) => order ?? [])));
  const own = stepsOfOrder(steps, label);
  return { lifelines: lifelinesOf(own), steps: own };
}
