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

test('what was appended is there after a restart, in order', async () => {
  const journal = await openJournal(path);
  await journal.append({ n: 1 });
  await journal.append({ n: 2 });
  await journal.close();
  expect(await reopened()).toEqual([{ n: 1 }, { n: 2 }]);
});

test('a line torn at any byte is cut off, and the next one stands whole', async () => {
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

test('an empty journal, and one that is only a torn line, hold nothing', () => {
  expect(readLines('').lines).toEqual([]);
  expect(readLines('{"n"').lines).toEqual([]);
});

test('a whole line that cannot be read is damage, and said to be', () => {
  expect(() => readLines('{"n":1}\n{"n"\n{"n":3}\n')).toThrow('line 2');
});
