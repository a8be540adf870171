import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal, readLines } from './journal.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  path = join(folder, 'books.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function reopened(): Promise<unknown[]> {
  const journal = await openJournal(path);
  await journal.close();
  return journal.lines;
}

test('after a restart the journal has the appended lines in order', async () => {
  const journal = await openJournal(path);
  await journal.append({ n: 1 });
  await journal.append({ n: 2 });
  await journal.close();
  expect(await reopened()).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a line torn at any byte is cut off, and the next line is complete', async () => {
  const first = `${JSON.stringify({ n: 1 })}\n`;
  const torn = JSON.stringify({ n: 2, card: 'card-ä' });
  const bytes = Buffer.from(torn);
  for (let length = 1; length <= bytes.length; length += 1) {
    await writeFile(path, Buffer.concat([Buffer.from(first), bytes.subarray(0, length)]));
    const journal = await openJournal(path);
    expect(journal.lines).toEqual([{ n: 1 }]);
    await journal.append({ n: 3 });
    await journal.close();
    expect(await readFile(path, 'utf8')).toBe(`${first}{"n":3}\n`);
  }
});

test('an empty journal and a journal with only a torn line have no lines', () => {
  expect(readLines('').lines).toEqual([]);
  expect(readLines('{"n"').lines).toEqual([]);
});

test('a complete line that is not JSON is an error that names the line', () => {
  expect(() => readLines('{"n":1}\n{"n"\n{"n":3}\n')).toThrow('line 2');
});
