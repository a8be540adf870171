import type { SequenceModel } from '@indoubt/report-page';
import { knownOrder } from './known-order.ts';
import { lifelinesOf } from './lifelines.ts';

/**
 * The part of a model that is about one order, with what befell all of them meanwhile, such as a
 * crash.
 * @param wanted  label of the order, such as `A`
 * @throws Failure 'invalid-request' (definite) when there is none
 */
export function ofOrder({ steps }: SequenceModel, wanted: string): SequenceModel {
  const label = knownOrder(wanted, new Set(steps.flatMap(({ order }) => order ?? [])));
  const first = steps.findIndex(({ order }) => order === label);
  const last = steps.findLastIndex(({ order }) => order === label);
  const own = steps.filter(
    ({ order }, index) => order === label || (order === null && index > first && index < last),
  );
  return { lifelines: lifelinesOf(own), steps: own };
}
