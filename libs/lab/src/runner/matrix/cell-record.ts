import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The length of each file of a record at a moment. */
export type Marks = ReadonlyMap<string, number>;

/** The current length of each file of the record. */
export function markRecord(recordDir: string): Marks {
  const files = readdirSync(recordDir).filter((name) => name.endsWith('.jsonl'));
  return new Map(files.map((name) => [name, statSync(join(recordDir, name)).size]));
}

/**
 * Copies the part of the record after the marks into the cell's folder, so that it can be read
 * without the rest of the lab's record.
 */
export function copyRecordSince(recordDir: string, marks: Marks, cellDir: string): void {
  const own = join(cellDir, 'record');
  mkdirSync(own, { recursive: true });
  for (const name of markRecord(recordDir).keys()) {
    const from = join(recordDir, name);
    const since = marks.get(name) ?? 0;
    if (since === 0) copyFileSync(from, join(own, name));
    else writeFileSync(join(own, name), readFileSync(from).subarray(since));
  }
}
