import type { RecordLine } from '@indoubt/record';

export type EventLine = Extract<RecordLine, { kind: 'event' }>;

/** What the record has on one violation. */
export interface CaseFile {
  /** Every event of the run, in the order of time. */
  events: EventLine[];
  /** Those of the order that the violation is about; none when it is about no order. */
  story: EventLine[];
}

/**
 * Finds the order that these ids are of: its own id, its saga's, or that of one of its messages.
 * Pure.
 */
export function openCase(lines: readonly RecordLine[], ids: readonly string[]): CaseFile {
  const events = lines
    .filter((line): line is EventLine => line.kind === 'event')
    .toSorted((one, other) => one.at - other.at);
  const named = new Set(ids.flatMap((id) => [id, id.split(':')[0] ?? id]));
  const orderId = events.find(
    (line) =>
      line.orderId !== undefined && [line.orderId, line.sagaId].some((id) => named.has(id ?? '')),
  )?.orderId;
  const story = orderId === undefined ? [] : events.filter((line) => line.orderId === orderId);
  return { events, story };
}

/** Whose doing it is: the lab writes down the death of the others in their name. */
export function doerOf(line: EventLine): string {
  const { event, process } = line;
  const name = line['name'];
  return event.startsWith('process-') && typeof name === 'string' ? name : process;
}

/** A process that died: by a fault of its own, or by somebody's hand. */
export function isDeath(line: EventLine): boolean {
  if (line.event === 'process-killed') return true;
  const action = line['action'];
  return line.event === 'failpoint-hit' && (action === undefined || action === 'crash');
}

export function isFault(line: EventLine): boolean {
  return isDeath(line) || FAULTS.has(line.event);
}

const FAULTS = new Set(['failpoint-hit', 'fault-hit', 'message-fault-hit']);

/** The second time that one command had an effect. */
export function secondEffect(
  events: readonly EventLine[],
  fits: (line: EventLine) => boolean = () => true,
): EventLine | undefined {
  const seen = new Set<string>();
  return events.find((line) => {
    if (!isEffect(line) || !fits(line)) return false;
    const command = `${line.orderId} ${String(line['step'])}`;
    if (seen.has(command)) return true;
    seen.add(command);
    return false;
  });
}

/** A participant has acted or undone: not a repeat, not a refusal. */
export function isEffect(line: EventLine): boolean {
  const how = line['how'];
  const did = how === 'act' || how === 'undo';
  return line.event === 'message-handled' && did && line['outcome'] !== 'refused';
}
