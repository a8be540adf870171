import { randomUUID } from 'node:crypto';
import type { Enqueue } from '../enqueue.ts';

/**
 * Broken on purpose: every message gets a new id, also the repetition of one that was sent before.
 * Receivers that know messages by their id (see the inbox's variant of this name) cannot see that
 * they got the same command twice: a slow first command and its repetition both act.
 */
export function withNewIds(send: Enqueue): Enqueue {
  return (tx, messages) =>
    send(
      tx,
      messages.map((message) => ({ ...message, id: `${message.id}:${randomUUID()}` })),
    );
}
