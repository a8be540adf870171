import { isBroken } from '@indoubt/chaos';
import { abortAlone } from '../broken/decides-alone.ts';
import type { Verdict } from '../protocol/messages.ts';

type DecisionSource = (id: string) => Promise<Verdict>;

/**
 * Where this process learns the decision about a branch in doubt: the coordinator, unless the
 * process was started with a broken variant. Call after the process is opened.
 */
export function chosenDecisionSource(coordinator: DecisionSource): DecisionSource {
  return isBroken('decides-alone') ? abortAlone : coordinator;
}
