import { type CaseFile, doerOf, type EventLine, isDeath } from '../history/case-file.ts';

/** The event that decided it; without a text, the event is told as the story tells it. */
export interface Found {
  line: EventLine;
  text?: string;
}

type Decided = Found | undefined;

/** The message that a violation is about: of several that it names, the first. */
function messageOf({ rows }: CaseFile): string | undefined {
  return rows.find((id) => id.includes(':'));
}

/**
 * INV-7. Lost: a fault took it away, or the relay died between its commit and its publishing; or
 * the relay sent it, and it was marked. From nowhere: it was sent, and its transaction was not.
 */
export function lostMessage(file: CaseFile, { text }: { text: string }): Decided {
  const messageId = messageOf(file);
  if (messageId === undefined) return undefined;
  const { events } = file;
  const own = events.filter((line) => line['messageId'] === messageId);
  const came = own.find(({ event }) => event === 'message-sent' || event === 'message-received');
  if (text.startsWith('from nowhere')) return came === undefined ? undefined : { line: came };
  const dropped = own.find(isDrop);
  if (dropped !== undefined)
    return { line: dropped, text: `${messageName(messageId)} was dropped` };
  const written = events.find((line) => writes(line, messageId));
  const writer = written?.process.replace(/-\d+$/, '');
  const death = events.find(
    (line) =>
      isDeath(line) &&
      written !== undefined &&
      line.at >= written.at &&
      [writer, `relay-${writer}`].includes(nameOf(line)),
  );
  if (death !== undefined) {
    const lost = `${messageName(messageId)} was written, and not yet published`;
    return { line: death, text: `${doerOf(death)} died; ${lost}` };
  }
  const sent = own.findLast(({ event }) => event === 'message-sent');
  return sent === undefined ? undefined : { line: sent };
}

/** A copy of a service has its name and a number. */
function nameOf(line: EventLine): string {
  return doerOf(line).replace(/-\d+$/, '');
}

function isDrop(line: EventLine): boolean {
  return line.event === 'message-fault-hit' && line['action'] === 'drop';
}

/** Whether this is what put the message into an outbox: a step of its saga, or its handling. */
function writes(line: EventLine, messageId: string): boolean {
  if (messageId.endsWith(ANSWER)) {
    const command = messageId.slice(0, -ANSWER.length);
    return line.event === 'message-handled' && line['messageId'] === command;
  }
  const send = line['send'];
  const [sagaId, step] = messageId.split(':');
  return line.sagaId === sagaId && Array.isArray(send) && send.includes(step);
}

const ANSWER = ':answer';

/** `reserve-stock` of `UUID:reserve-stock`, and the answer to it. */
function messageName(messageId: string): string {
  const [, step = messageId] = messageId.split(':');
  return messageId.endsWith(ANSWER) ? `the answer to ${step}` : step;
}

/** INV-8: the sending that overtook; or the first one that came by another partition. */
export function outOfOrder(file: CaseFile): Decided {
  const messageId = messageOf(file);
  if (messageId === undefined) return strayed(file);
  const sent = file.events.find(
    (line) => line.event === 'message-sent' && line['messageId'] === messageId,
  );
  if (sent === undefined) return undefined;
  return { line: sent, text: `${sent.process} sent ${messageName(messageId)} too early` };
}

function strayed({ story }: CaseFile): Decided {
  const partitions = new Map<unknown, unknown>();
  const line = story.find((each) => {
    if (each.event !== 'message-received') return false;
    const first = partitions.get(each['topic']);
    if (first === undefined) partitions.set(each['topic'], each['partition']);
    return first !== undefined && first !== each['partition'];
  });
  return line === undefined ? undefined : { line };
}

/** INV-13: the death after which it was not delivered again; else the last time that it was. */
export function passedOver(file: CaseFile): Decided {
  const messageId = messageOf(file);
  if (messageId === undefined) return undefined;
  const own = file.events.filter((line) => line['messageId'] === messageId);
  const received = own.findLast(({ event }) => event === 'message-received');
  const last = received ?? own.findLast(({ event }) => event === 'message-sent');
  if (last === undefined) return undefined;
  const death = file.events.find(
    (line) =>
      isDeath(line) && line.at >= last.at && nameOf(line) === last.process.replace(/-\d+$/, ''),
  );
  const name = messageName(messageId);
  if (death === undefined || received === undefined) return { line: last };
  return { line: death, text: `${doerOf(death)} died; ${name} was not delivered to it again` };
}
