import { isBroken } from '@indoubt/chaos';
import { abortAlone } from '../broken/decides-alone.ts';
import type { Verdict } from '../protocol/messages.ts';

type DecisionSource = (id: string) => Promise<Verdict>;

/**
 * The source of decisions about branches in doubt: the coordinator, unless the process was started
 * with a broken variant. Call this after the process is opened: opening arms its faults.
 */
export function chosenDecisionSource(coordinator: DecisionSource): DecisionSource {
  return isBroken('decides-alone') ? abortAlone : coordinator;
}
