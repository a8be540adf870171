import type { RecordLine } from '@indoubt/record';
import type { TimelineEntry } from '../../evidence/run-result.ts';
import { orderLabel } from '../../text/order-label.ts';
import { narrate, repeatKey } from './narrate.ts';
import type { Sentence } from './sentence.ts';

/** Narrates one run: remembers the labels of its orders, its start, and the events so far. */
export interface Narrator {
  /** @returns the sentence, or null for a line that gets no sentence */
  narrate: (line: RecordLine) => Sentence | null;
  /** Label of an order: `A` for the first one that appeared, then `B`, and so on. */
  label: (orderId: string) => string;
}

export function createNarrator(): Narrator {
  const orders = new Map<string, string>();
  const seen = new Set<string>();
  let startedAt: number | null = null;
  // Fifty clients at once, or a client that polls, repeat a sentence: each repetition is a detail.
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
  const narrateLine = (line: RecordLine): Sentence | null => {
    if (line.kind !== 'event') return null;
    if (line.event === 'client-request') startedAt ??= line.at;
    const key = repeatKey(line);
    const narration = narrate(line, key !== null && seen.has(key));
    if (key !== null) seen.add(key);
    if (narration === null) return null;
    const { process } = line;
    const isDetail = (narration.isDetail ?? false) || isEcho(process, narration.text);
    return {
      // Events before the first request are set-up: they get the time 0.
      atMs: startedAt === null ? 0 : line.at - startedAt,
      process,
      label: line.orderId === undefined ? null : label(line.orderId),
      text: narration.text,
      mark: narration.mark,
      isDetail,
    };
  };
  return { narrate: narrateLine, label };
}

/** Narrates the whole record of a run as the timeline of its result, in the order of time. */
export function timelineOf(lines: RecordLine[]): TimelineEntry[] {
  const narrator = createNarrator();
  // The sort is stable: lines of one process keep their order even within one millisecond.
  return lines
    .toSorted((a, b) => a.at - b.at)
    .flatMap((line) => {
      const sentence = narrator.narrate(line);
      if (sentence === null || line.kind !== 'event') return [];
      const { atMs, process, text } = sentence;
      return [{ atMs, process, event: line.event, orderId: line.orderId ?? null, text }];
    });
}
