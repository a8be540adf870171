import type { EventLine } from '@indoubt/record';
import { type CaseFile, isDeath, messageIdOf, sentBy } from '../evidence/history/case-file.ts';
import type { Violation } from '../evidence/violation.ts';

/**
 * The event after which the invariant could not hold. Without a text, the narration of the event is
 * used.
 */
export interface Found {
  line: EventLine;
  text?: string;
}

type Decided = Found | undefined;

/**
 * INV-7. For a lost message: the fault that dropped it; or the event that wrote an outbox row which
 * was never sent, or the death of the relay that should have sent the row; or the last sending. For
 * a message without an outbox row: its sending or reception.
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
  const why = `${death.process} died; ${name} was written, but not yet published`;
  return { line: death, text: why };
}

/**
 * The first event that wrote an outbox row which no sending matches. A sending matches the event
 * nearest to the time at which its row was written.
 */
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

/**
 * When the row of a sending was written. `waitedMs` (until the relay took the row) and `tookMs`
 * (until the row was sent) are whole milliseconds.
 */
function writtenAt({ at, waitedMs, tookMs = 0 }: Sending): number {
  return at - waitedMs - tookMs;
}

/**
 * A death of the relay before the relay sent a later row: until then the row could still be sent.
 */
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

/** The service that a process runs: `order-2` is a copy of `order`. */
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

/**
 * Whether the event wrote the message into an outbox: a step of its saga sends a command, a
 * handling sends an answer.
 */
function writes(line: EventLine, messageId: string): boolean {
  if (messageId.endsWith(ANSWER)) {
    const command = messageId.slice(0, -ANSWER.length);
    return line.event === 'message-handled' && line.messageId === command;
  }
  const [sagaId, step = ''] = messageId.split(':');
  return line.sagaId === sagaId && sentBy(line).includes(step);
}

const ANSWER = ':answer';

/** `reserve-stock` for `UUID:reserve-stock`, and `the answer to reserve-stock` for its answer. */
export function messageName(messageId: string): string {
  const [, step = messageId] = messageId.split(':');
  return messageId.endsWith(ANSWER) ? `the answer to ${step}` : step;
}

/**
 * INV-8: the sending that came too early, or the first message that came through another partition.
 */
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
