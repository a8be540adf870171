import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { isAnyArmed, meet, type OrderIds, ownName, pausedAt } from './armed.ts';
import type { ChaosRule, DeclineRule, FailpointRule, MessageRule } from './chaos-rule.ts';
import type { WindowName } from './failpoints.ts';

/**
 * A named window in which a fault may hit this process: it dies (SIGKILL, so that no handler,
 * flush or rollback of ours makes the crash kinder than a real one), fails, is late, or stands
 * still until it is released. Inert unless armed: one comparison.
 * @param orderIds  whose work this is: one order's, or that of a batch
 * @returns undefined when nothing is armed; else settles when the process may go on
 * @throws Failure 'fault-injected' (indefinite), when an error is armed here
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
  // The signal is on its way: nothing behind this line may happen any more.
  return new Promise(() => undefined);
}

/** What is to become of a message that was delivered. */
export function messageFault(topic: string, orderId: string): MessageRule['action'] | undefined {
  if (!isAnyArmed()) return undefined;
  const isHere = (rule: ChaosRule): rule is MessageRule =>
    rule.kind === 'message' && rule.topics.includes(topic);
  return meet(isHere, topic, orderId)?.action;
}

/** Whether a payment is to be declined at will. */
export function mustDecline(orderId: string): boolean {
  if (!isAnyArmed()) return false;
  const isHere = (rule: ChaosRule): rule is DeclineRule => rule.kind === 'decline';
  return meet(isHere, 'payment', orderId) !== undefined;
}
