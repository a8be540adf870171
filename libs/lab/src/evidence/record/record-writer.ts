import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginLines, type Exact, type RecordEvent, type RecordLine } from '@indoubt/record';

/** The lab's own lines in a run's record: its client's requests, and what it does to processes. */
export interface RecordWriter {
  /** @param process  the one that the event is about */
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
    // Of a process the lab tells about, the pid is that one's.
    event: (name, event) => write({ ...stamp(), ...event, process: name, kind: 'event' }),
    span(line) {
      write({ ...line, ...stamp(), kind: 'span-start', at: line.startedAt });
      write({ ...line, ...stamp(), kind: 'span-end' });
    },
  };
}
