import type { RecordLine } from '@indoubt/record';
import type { EventLine } from '../record/told-fields.ts';

/** An event of the record with its place among all of them: what ties the views of a run. */
export interface NumberedEvent {
  id: number;
  line: EventLine;
}

/** @param lines  the whole record, in the order of time. Pure. */
export function numberedEvents(lines: readonly RecordLine[]): NumberedEvent[] {
  return lines.filter((line) => line.kind === 'event').map((line, id) => ({ id, line }));
}
