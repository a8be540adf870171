import type { EventLine, RecordLine } from '@indoubt/record';

/**
 * An event of the record with its index in the whole record, by which the views of a run refer to
 * it.
 */
export interface NumberedEvent {
  id: number;
  line: EventLine;
}

/**
 * Pure.
 * @param lines  the whole record, ordered by time
 */
export function numberedEvents(lines: readonly RecordLine[]): NumberedEvent[] {
  return lines.filter((line) => line.kind === 'event').map((line, id) => ({ id, line }));
}
