import { isBroken } from '@indoubt/chaos';
import { abortAlone } from './broken/decides-alone.ts';
import { decideInMemory } from './broken/no-decision-log.ts';
import type { DecisionLog } from './coordinator/decision-log.ts';
import type { Verdict } from './protocol/messages.ts';

/**
 * The decision log of this process: the one given, unless the process was started with a broken
 * variant. Ask after the process is opened: that is when its faults are armed.
 */
export function logUnderChaos(log: DecisionLog): DecisionLog {
  return isBroken('no-decision-log') ? decideInMemory(log) : log;
}

/** How this process learns the decision about a branch in doubt: it asks, unless that is broken. */
export function askUnderChaos(ask: (id: string) => Promise<Verdict>): typeof ask {
  return isBroken('decides-alone') ? abortAlone : ask;
}
