import type { EventName, RecordLine } from '@indoubt/record';
import { messageIdOf, placeOf } from './case-file.ts';

/** What consumers did with messages, as the record says. */
export interface Handlings {
  /** A handling that was committed: one row for each time, a repeat too. */
  handled: { messageId: string }[];
  /** A message that a fault took away on purpose: a place on a topic, once. */
  dropped: { messageId: string; place: string }[];
}

/** A participant handles commands, the orchestrator takes answers or finds nothing to do. */
const HANDLED = new Set<EventName>([
  'message-handled',
  'saga-advanced',
  'saga-command-retried',
  'answer-ignored',
]);

/** Held back in memory, a message may never come: a crash of the consumer takes it. */
const TAKES = new Set(['drop', 'reorder']);

/** Every committed handling of a message in the record. Pure. */
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
