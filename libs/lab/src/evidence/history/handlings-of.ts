import type { EventName, RecordLine } from '@indoubt/record';
import { messageIdOf, placeOf } from './case-file.ts';

/** What consumers did with messages, from the record. */
export interface Handlings {
  /** Committed handlings: one row for each, including repeats. */
  handled: { messageId: string }[];
  /** Messages that a fault of the lab dropped: one row for each place on a topic. */
  dropped: { messageId: string; place: string }[];
}

/** Events of committed handlings: of commands by participants, of answers by the orchestrator. */
const HANDLED = new Set<EventName>([
  'message-handled',
  'saga-advanced',
  'saga-command-retried',
  'answer-ignored',
]);

/**
 * `reorder` is counted as a drop because a crash of the consumer loses a message that is waiting in
 * memory.
 */
const TAKES = new Set(['drop', 'reorder']);

/** All committed handlings and all drops in the record. Pure. */
export function handlingsOf(lines: readonly RecordLine[]): Handlings {
  const handled: Handlings['handled'] = [];
  const dropped = new Map<string, Handlings['dropped'][number]>();
  for (const line of lines) {
    if (line.kind !== 'event') continue;
    const messageId = messageIdOf(line);
    if (messageId === undefined) continue;
    if (HANDLED.has(line.event)) handled.push({ messageId });
    if (line.event !== 'message-fault-hit' || !TAKES.has(line.action)) continue;
    const place = placeOf(line);
    dropped.set(place, { messageId, place });
  }
  return { handled, dropped: [...dropped.values()] };
}
