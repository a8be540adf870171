import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** How long each file of a record was at a moment. */
export type Marks = ReadonlyMap<string, number>;

/** The record's files as they are now. */
export function markRecord(recordDir: string): Marks {
  const files = readdirSync(recordDir).filter((name) => name.endsWith('.jsonl'));
  return new Map(files.map((name) => [name, statSync(join(recordDir, name)).size]));
}

/**
 * Puts what the record has got since then into a folder of the cell's own, so that it can be read
 * without the rest of its lab.
 */
export function keepSince(recordDir: string, marks: Marks, cellDir: string): void {
  const own = join(cellDir, 'record');
  mkdirSync(own, { recursive: true });
  for (const name of markRecord(recordDir).keys()) {
    const from = join(recordDir, name);
    const since = marks.get(name) ?? 0;
    if (since === 0) copyFileSync(from, join(own, name));
    else writeFileSync(join(own, name), readFileSync(from).subarray(since));
  }
}
