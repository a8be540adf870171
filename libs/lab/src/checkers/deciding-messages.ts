import type { EventLine } from '@indoubt/record';
import { type CaseFile, isDeath, messageIdOf, sentBy } from '../evidence/history/case-file.ts';
import type { Violation } from '../evidence/violation.ts';

/** The event that decided it; without a text, the event is told as the story tells it. */
export interface Found {
  line: EventLine;
  text?: string;
}

type Decided = Found | undefined;

/**
 * INV-7. Lost: a fault took it away; or a row of it was written that its relay never sent, since it
 * died with it or marked it unsent; or it was sent, and the topic has it not. From nowhere: it was
 * sent, and its transaction was not committed.
 */
export function lostMessage({ events }: CaseFile, { kind, about }: Violation): Decided {
  const { messageId } = about;
  if (messageId === undefined) return undefined;
  const own = events.filter((line) => messageIdOf(line) === messageId);
  const came = own.find(({ event }) => event === 'message-sent' || event === 'message-received');
  if (kind === 'message-from-nowhere') return came === undefined ? undefined : { line: came };
  const name = messageName(messageId);
  const dropped = own.find(isDrop);
  if (dropped !== undefined) return { line: dropped, text: `${name} was dropped` };
  const sendings = own.filter(isSending);
  const written = unsent(
    events.filter((line) => writes(line, messageId)),
    sendings,
  );
  const last = sendings.at(-1);
  if (written === undefined) return last === undefined ? undefined : { line: last };
  const death = deathBeforeNext(events, written);
  if (death === undefined) {
    return { line: written, text: `${written.process} wrote ${name}; that row was never sent` };
  }
  const why = `${death.process} died; ${name} was written, and not yet published`;
  return { line: death, text: why };
}

/** The first writing that no sending fits: each is of the row that was written when it says. */
function unsent(writings: EventLine[], sendings: Sending[]): EventLine | undefined {
  const rows = new Map(sendings.map((line, index) => [line.outboxId ?? `${index}`, line]));
  const left = new Set(writings);
  for (const sending of rows.values()) {
    const distance = (line: EventLine): number => Math.abs(line.at - writtenAt(sending));
    const [nearest] = [...left].toSorted((one, other) => distance(one) - distance(other));
    if (nearest !== undefined) left.delete(nearest);
  }
  return [...left][0];
}

/** A row's age is in whole milliseconds: until its relay took it, and then until it was sent. */
function writtenAt({ at, waitedMs, tookMs = 0 }: Sending): number {
  return at - waitedMs - tookMs;
}

/** Of the writer's relay, while the row could still be sent: no later row has been. */
function deathBeforeNext(events: readonly EventLine[], written: EventLine): EventLine | undefined {
  const relay = `relay-${serviceOf(written.process)}`;
  const next = events.find(
    (line) =>
      isSending(line) && serviceOf(line.process) === relay && writtenAt(line) > written.at + 1,
  );
  return events.find(
    (line) =>
      isDeath(line) &&
      line.at >= written.at &&
      line.at <= (next?.at ?? line.at) &&
      serviceOf(line.process) === relay,
  );
}

/** A copy of a service has its name and a number. */
export function serviceOf(process: string): string {
  return process.replace(/-\d+$/, '');
}

type Sending = EventLine<'message-sent'>;

function isSending(line: EventLine): line is Sending {
  return line.event === 'message-sent';
}

function isDrop(line: EventLine): boolean {
  return line.event === 'message-fault-hit' && line.action === 'drop';
}

/** Whether this is what put the message into an outbox: a step of its saga, or its handling. */
function writes(line: EventLine, messageId: string): boolean {
  if (messageId.endsWith(ANSWER)) {
    const command = messageId.slice(0, -ANSWER.length);
    return line.event === 'message-handled' && line.messageId === command;
  }
  const [sagaId, step = ''] = messageId.split(':');
  return line.sagaId === sagaId && sentBy(line).includes(step);
}

const ANSWER = ':answer';

/** `reserve-stock` of `UUID:reserve-stock`, and the answer to it. */
export function messageName(messageId: string): string {
  const [, step = messageId] = messageId.split(':');
  return messageId.endsWith(ANSWER) ? `the answer to ${step}` : step;
}

/** INV-8: the sending that overtook; or the first one that came by another partition. */
export function outOfOrder(file: CaseFile, { about: { messageId } }: Violation): Decided {
  if (messageId === undefined) return strayed(file);
  const sent = file.events.find(
    (line) => line.event === 'message-sent' && line.messageId === messageId,
  );
  if (sent === undefined) return undefined;
  return { line: sent, text: `${sent.process} sent ${messageName(messageId)} too early` };
}

function strayed({ story }: CaseFile): Decided {
  const partitions = new Map<string, number>();
  const line = story.find((each) => {
    if (each.event !== 'message-received') return false;
    const first = partitions.get(each.topic);
    if (first === undefined) partitions.set(each.topic, each.partition);
    return first !== undefined && first !== each.partition;
  });
  return line === undefined ? undefined : { line };
}
