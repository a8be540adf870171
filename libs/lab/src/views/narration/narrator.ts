import type { RecordLine } from '@indoubt/record';
import type { TimelineEntry } from '../../evidence/run-result.ts';
import { orderLabel } from '../../text/order-label.ts';
import { narrate, sameThing } from './narrate.ts';
import type { Sentence } from './sentence.ts';

/** Follows one run: which order is A, when it began, what has been seen before. */
export interface Narrator {
  /** @returns the sentence, or null when the line is not part of the story */
  tell: (line: RecordLine) => Sentence | null;
  /** `A` of an order, in the order in which they first appeared. */
  label: (orderId: string) => string;
}

export function createNarrator(): Narrator {
  const orders = new Map<string, string>();
  const seen = new Set<string>();
  let startedAt: number | null = null;
  // Of fifty clients at once, or one that asks in vain, each sentence is told once.
  const saidByClients = new Set<string>();
  const isEcho = (process: string, text: string): boolean => {
    if (process !== 'client') saidByClients.clear();
    else if (saidByClients.has(text)) return true;
    else saidByClients.add(text);
    return false;
  };
  const label = (orderId: string): string => {
    const known = orders.get(orderId) ?? orderLabel(orders.size);
    orders.set(orderId, known);
    return known;
  };
  const tell = (line: RecordLine): Sentence | null => {
    if (line.kind !== 'event') return null;
    if (line.event === 'client-request') startedAt ??= line.at;
    const thing = sameThing(line);
    const told = narrate(line, thing !== null && seen.has(thing));
    if (thing !== null) seen.add(thing);
    if (told === null) return null;
    const { process } = line;
    const isDetail = (told.isDetail ?? false) || isEcho(process, told.text);
    return {
      // What happens before the first request is set-up: it has no place on the run's own clock.
      atMs: startedAt === null ? 0 : line.at - startedAt,
      process,
      label: line.orderId === undefined ? null : label(line.orderId),
      text: told.text,
      mark: told.mark,
      isDetail,
    };
  };
  return { tell, label };
}

/** The whole record of a run as the timeline of its result, in the order of time. */
export function timelineOf(lines: RecordLine[]): TimelineEntry[] {
  const narrator = createNarrator();
  // Stable: lines of one process keep their order even within one millisecond.
  return lines
    .toSorted((a, b) => a.at - b.at)
    .flatMap((line) => {
      const sentence = narrator.tell(line);
      if (sentence === null || line.kind !== 'event') return [];
      const { atMs, process, text } = sentence;
      return [{ atMs, process, event: line.event, orderId: line.orderId ?? null, text }];
    });
}
