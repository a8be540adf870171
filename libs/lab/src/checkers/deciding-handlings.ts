import { TOPICS, type Topic } from '@indoubt/contracts';
import type { EventLine } from '@indoubt/record';
import { type CaseFile, isDeath, messageIdOf, placeOf } from '../evidence/history/case-file.ts';
import { handlingsOf } from '../evidence/history/handlings-of.ts';
import type { Violation } from '../evidence/violation.ts';
import { type Found, messageName, serviceOf } from './deciding-messages.ts';

/**
 * INV-13: the first death of a consumer after which its copy of the message was not delivered
 * again. Without such a death: the last delivery of the message, if it was not handled.
 */
export function passedOver(file: CaseFile, { about: { messageId } }: Violation): Found | undefined {
  if (messageId === undefined) return undefined;
  const all = file.events.filter((line) => messageIdOf(line) === messageId);
  const aside = placesOf(file.events.filter((line) => line.event === 'dead-lettered'));
  const own = all.filter((line) => !isReception(line) || !aside.has(placeOf(line)));
  const deaths = file.events.filter((line) => isDeath(line));
  const loses = (death: EventLine): boolean =>
    diedInHand(own, deaths, death) || diedUnseen(own, death);
  const death = deaths.find(loses);
  if (death !== undefined) {
    const text = `${death.process} died; ${messageName(messageId)} was not delivered to it again`;
    return { line: death, text };
  }
  const last = own.findLast(isReception);
  const isLeft = last !== undefined && handledBetween(own, last.at, Number.POSITIVE_INFINITY) === 0;
  return isLeft ? { line: last } : undefined;
}

/**
 * The process had received more copies than it had handled when it died, and those copies were not
 * delivered again.
 */
function diedInHand(own: EventLine[], deaths: EventLine[], death: EventLine): boolean {
  const process = death.process;
  const born = deaths.findLast((line) => line.at < death.at && line.process === process)?.at ?? 0;
  const received = own.filter(isReception);
  const given = received.filter(
    (line) => line.process === process && line.at > born && line.at <= death.at,
  );
  const again = placesOf(received.filter(({ at }) => at > death.at));
  const last = [...placesOf(given)].filter((place) => !again.has(place));
  const handled = own.filter((line) => line.process === process);
  return last.length > handledBetween(handled, born, death.at);
}

/**
 * The copy was on the topic before the consumer died, and the record has no reception of the copy.
 */
function diedUnseen(own: EventLine[], death: EventLine): boolean {
  const sent = own.filter((line) => line.event === 'message-sent');
  const consumer = CONSUMERS[sent[0]?.topic as Topic];
  if (serviceOf(death.process) !== consumer) return false;
  const seen = own.filter((line) => isReception(line) || line.event === 'message-fault-hit');
  const before = (line: EventLine): boolean => line.at <= death.at;
  if (sent.length <= placesOf(seen).size) return false;
  return sent.filter(before).length > placesOf(seen.filter(before)).size;
}

const CONSUMERS: Record<Topic, string> = {
  [TOPICS.inventoryCommands]: 'inventory',
  [TOPICS.paymentCommands]: 'payment',
  [TOPICS.sagaReplies]: 'order',
};

function isReception(line: EventLine): line is EventLine<'message-received'> {
  return line.event === 'message-received';
}

function placesOf(lines: readonly Parameters<typeof placeOf>[0][]): Set<string> {
  return new Set(lines.map(placeOf));
}

function handledBetween(own: EventLine[], after: number, until: number): number {
  return handlingsOf(own.filter(({ at }) => at > after && at <= until)).handled.length;
}
