import { TOPICS, type Topic } from '@indoubt/contracts';
import { type CaseFile, doerOf, type EventLine, isDeath } from '../evidence/history/case-file.ts';
import { handlingsOf } from '../evidence/history/handlings-of.ts';
import type { Violation } from '../evidence/violation.ts';
import { type Found, messageName, serviceOf } from './deciding-messages.ts';

/**
 * INV-13: the first death of a consumer with a copy of the message that never came again. Where
 * nobody died: the last time that it was delivered, if no handling followed.
 */
export function passedOver(file: CaseFile, { about: { messageId } }: Violation): Found | undefined {
  if (messageId === undefined) return undefined;
  const all = file.events.filter((line) => line['messageId'] === messageId);
  const aside = placesOf(file.events.filter(({ event }) => event === 'dead-lettered'));
  const own = all.filter((line) => !isReception(line) || !aside.has(placeOf(line)));
  const deaths = file.events.filter((line) => isDeath(line));
  const loses = (death: EventLine): boolean =>
    diedInHand(own, deaths, death) || diedUnseen(own, death);
  const death = deaths.find(loses);
  if (death !== undefined) {
    const text = `${doerOf(death)} died; ${messageName(messageId)} was not delivered to it again`;
    return { line: death, text };
  }
  const last = own.findLast(isReception);
  const isLeft = last !== undefined && handledBetween(own, last.at, Number.POSITIVE_INFINITY) === 0;
  return isLeft ? { line: last } : undefined;
}

/** It had been given copies, it died before it had handled as many, and they came no more. */
function diedInHand(own: EventLine[], deaths: EventLine[], death: EventLine): boolean {
  const process = doerOf(death);
  const born = deaths.findLast((line) => line.at < death.at && doerOf(line) === process)?.at ?? 0;
  const given = own.filter(
    (line) =>
      isReception(line) && line.process === process && line.at > born && line.at <= death.at,
  );
  const again = placesOf(own.filter((line) => isReception(line) && line.at > death.at));
  const last = [...placesOf(given)].filter((place) => !again.has(place));
  const handled = own.filter((line) => line.process === process);
  return last.length > handledBetween(handled, born, death.at);
}

/** The copy was on the topic, and the consumer took it without a word in the record. */
function diedUnseen(own: EventLine[], death: EventLine): boolean {
  const sent = own.filter(({ event }) => event === 'message-sent');
  const consumer = CONSUMERS[sent[0]?.['topic'] as Topic];
  if (serviceOf(doerOf(death)) !== consumer) return false;
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

function isReception({ event }: EventLine): boolean {
  return event === 'message-received';
}

function placesOf(lines: EventLine[]): Set<string> {
  return new Set(lines.map(placeOf));
}

function placeOf({ topic, partition, offset }: EventLine): string {
  return [topic, partition, offset].map(String).join('/');
}

function handledBetween(own: EventLine[], after: number, until: number): number {
  return handlingsOf(own.filter(({ at }) => at > after && at <= until)).handled.length;
}
