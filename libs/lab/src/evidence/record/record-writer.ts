import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginLines, type Exact, type RecordEvent, type RecordLine } from '@indoubt/record';

/**
 * Writes the lab's own lines into the record: requests of its client, and what the lab does to
 * processes.
 */
export interface RecordWriter {
  /** @param process  the process that the event is about */
  event<const Event extends RecordEvent>(process: string, event: Event & Exact<Event>): void;
  span(line: Omit<Extract<RecordLine, { kind: 'span-end' }>, 'kind' | 'pid' | 'at'>): void;
}

export function recordWriter(dir: string): RecordWriter {
  const file = join(dir, 'lab.jsonl');
  let first: string | undefined;
  const write = (line: RecordLine) => {
    first ??= beginLines(file);
    appendFileSync(file, `${first}${JSON.stringify(line)}\n`);
    first = '';
  };
  const stamp = () => ({ pid: process.pid, at: performance.timeOrigin + performance.now() });
  return {
    // If the lab knows the pid of the process that the event is about, the event has that pid.
    event: (name, event) => write({ ...stamp(), ...event, process: name, kind: 'event' }),
    span(line) {
      write({ ...line, ...stamp(), kind: 'span-start', at: line.startedAt });
      write({ ...line, ...stamp(), kind: 'span-end' });
    },
  };
}
