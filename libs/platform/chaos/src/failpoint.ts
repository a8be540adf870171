import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { isAnyArmed, meet, type OrderIds, ownName, pausedAt } from './armed.ts';
import type { ChaosRule, DeclineRule, FailpointRule, MessageRule } from './chaos-rule.ts';
import type { WindowName } from './failpoints.ts';

/**
 * A named window in which a fault may hit this process: crash, error, delay or pause. A crash is a
 * SIGKILL, so that no handler, flush or rollback makes it milder than a real crash. While nothing
 * is armed, the call costs one comparison.
 * @param orderIds  the order that the work is for, or the orders of a batch
 * @returns undefined when no rule fires; else settles when the process may go on
 * @throws Failure 'fault-injected' (indefinite) when an error is armed here
 * @see github.com/pingcap/failpoint; FreeBSD's fail(9)
 */
export function failpoint(window: WindowName, orderIds?: OrderIds): Promise<void> | undefined {
  if (!isAnyArmed()) return undefined;
  const name = `${ownName()}:${window}`;
  const isHere = (rule: ChaosRule): rule is FailpointRule =>
    rule.kind === 'failpoint' && rule.at.some((each) => each === name);
  const rule = meet(isHere, name, orderIds);
  return rule === undefined ? undefined : takeEffect(rule, name);
}

async function takeEffect({ action, delayMs }: FailpointRule, name: string): Promise<void> {
  if (action === 'delay') return wait(delayMs);
  if (action === 'pause') return pausedAt(name);
  if (action === 'error') {
    throw new Failure('fault-injected', `an error was injected at ${name}`);
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal may arrive a moment later. Until then no later code of the caller may run.
  return new Promise(() => undefined);
}

/** The fault that fires for a delivered message; undefined: handle the message as usual. */
export function messageFault(topic: string, orderId: string): MessageRule['action'] | undefined {
  if (!isAnyArmed()) return undefined;
  const isHere = (rule: ChaosRule): rule is MessageRule =>
    rule.kind === 'message' && rule.topics.includes(topic);
  return meet(isHere, topic, orderId)?.action;
}

/** Whether a decline rule fires for a payment of this order. */
export function mustDecline(orderId: string): boolean {
  if (!isAnyArmed()) return false;
  const isHere = (rule: ChaosRule): rule is DeclineRule => rule.kind === 'decline';
  return meet(isHere, 'payment', orderId) !== undefined;
}
