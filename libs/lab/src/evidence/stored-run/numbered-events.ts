import type { EventLine, RecordLine } from '@indoubt/record';

/** An event of the record with its place among all of them: what ties the views of a run. */
export interface NumberedEvent {
  id: number;
  line: EventLine;
}

/** @param lines  the whole record, in the order of time. Pure. */
export function numberedEvents(lines: readonly RecordLine[]): NumberedEvent[] {
  return lines.filter((line) => line.kind === 'event').map((line, id) => ({ id, line }));
}
