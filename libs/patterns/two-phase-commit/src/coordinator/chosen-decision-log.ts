import { isBroken } from '@indoubt/chaos';
import { decideInMemory } from '../broken/no-decision-log.ts';
import type { DecisionLog } from './decision-log.ts';

/**
 * The decision log of this process: the given log, unless the process was started with a broken
 * variant. Call this after the process is opened: opening arms its faults.
 */
export function chosenDecisionLog(log: DecisionLog): DecisionLog {
  return isBroken('no-decision-log') ? decideInMemory(log) : log;
}
