import { randomUUID } from 'node:crypto';
import type { Enqueue } from '../enqueue.ts';

/**
 * Broken on purpose: every message gets a new id, also the retry of a message. A receiver that
 * compares message ids (see the inbox's variant of this name) cannot recognise the retry: a slow
 * first command and its retry both act.
 */
export function withNewIds(send: Enqueue): Enqueue {
  return (tx, messages) =>
    send(
      tx,
      messages.map((message) => ({ ...message, id: `${message.id}:${randomUUID()}` })),
    );
}
