import type { EventLine, RecordLine } from '@indoubt/record';

/** The events of the record that matter for one violation. */
export interface CaseFile {
  /** All events of the run, ordered by time. */
  events: EventLine[];
  /**
   * Events of the order that the violation is about; empty when the violation is about no order.
   */
  story: EventLine[];
}

/**
 * Finds the order to which the ids belong: ids of the order, of its saga or of its messages. Pure.
 */
export function openCase(lines: readonly RecordLine[], ids: readonly string[]): CaseFile {
  const events = lines
    .filter((line) => line.kind === 'event')
    .toSorted((one, other) => one.at - other.at);
  const named = new Set(ids.flatMap((id) => [id, id.split(':')[0] ?? id]));
  const orderId = events.find(
    (line) =>
      line.orderId !== undefined && [line.orderId, line.sagaId].some((id) => named.has(id ?? '')),
  )?.orderId;
  const story = orderId === undefined ? [] : events.filter((line) => line.orderId === orderId);
  return { events, story };
}

/** The id of the message that an event is about, if any. */
export function messageIdOf(line: EventLine): string | undefined {
  return 'messageId' in line ? line.messageId : undefined;
}

/** A place on a topic, as text. */
export function placeOf(place: { topic: string; partition: number; offset: string }): string {
  return [place.topic, place.partition, place.offset].join('/');
}

/** The commands or undos that a saga sent with this event. */
export function sentBy(line: EventLine): readonly string[] {
  return 'send' in line ? line.send : [];
}

/** Whether a process died, by a fault of the lab or by hand. */
export function isDeath(line: EventLine): boolean {
  if (line.event === 'process-killed') return true;
  return line.event === 'failpoint-hit' && line.action === 'crash';
}

export function isFault(line: EventLine): boolean {
  return isDeath(line) || FAULTS.has(line.event);
}

const FAULTS = new Set(['failpoint-hit', 'fault-hit', 'message-fault-hit']);

/** The second handling in which one command had an effect. */
export function secondEffect(
  events: readonly EventLine[],
  fits: (line: Handled) => boolean = () => true,
): Handled | undefined {
  const seen = new Set<string>();
  return events.filter(isEffect).find((line) => {
    if (!fits(line)) return false;
    const command = `${line.orderId} ${line.step}`;
    if (seen.has(command)) return true;
    seen.add(command);
    return false;
  });
}

type Handled = EventLine<'message-handled'>;

/** Whether a participant acted or undid something. A repeat or a refusal has no effect. */
export function isEffect(line: EventLine): line is Handled {
  if (line.event !== 'message-handled' || line.outcome === 'refused') return false;
  return line.how === 'act' || line.how === 'undo';
}
