import { isBroken } from '@indoubt/chaos';
import type { OutgoingMessage } from '@indoubt/contracts';
import { publishAtOnce } from './broken/dual-write.ts';
import { withNewIds } from './broken/new-id-on-retry.ts';
import { type Enqueue, enqueue } from './enqueue.ts';

/**
 * How this process sends: `enqueue`, unless the process was started with a broken variant. Call
 * this after the process is opened: opening arms its faults.
 * @param publish  sends to the broker; only for a variant that does not use the outbox
 */
export function chosenEnqueue(publish: (messages: OutgoingMessage[]) => Promise<void>): Enqueue {
  const send = isBroken('dual-write') ? publishAtOnce(publish) : enqueue;
  return isBroken('new-id-on-retry') ? withNewIds(send) : send;
}
