import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordLine } from '@indoubt/record';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RecordTail, tailRecord } from './record-tail.ts';

let dir: string;
let tail: RecordTail;
let received: RecordLine[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'record-tail-'));
  received = [];
  tail = tailRecord(dir, (line) => received.push(line));
});

afterEach(async () => {
  await tail.close(); // a second close has no effect
  rmSync(dir, { recursive: true });
});

const line = (at: number, name = 'é') =>
  JSON.stringify({ kind: 'event', event: 'order-ended', process: 'order', pid: 1, at, name });
const write = (file: string, text: string) => appendFileSync(join(dir, file), text);
const at = (wanted: number) => (seen: RecordLine) => seen.at === wanted;

test('a line is read when it is complete', async () => {
  const text = `${line(1)}\n`;
  write('order.jsonl', text.slice(0, 20));
  write('order.jsonl', `${text.slice(20)}${line(2).slice(0, 5)}`);
  expect(await tail.next(at(1), 5_000)).toMatchObject({ at: 1, name: 'é' });
  expect(received).toHaveLength(1);
});

test('files of several processes become one record, ordered by time', async () => {
  write('payment.jsonl', `${line(3)}\n`);
  write('order.jsonl', `${line(1)}\n${line(2)}\n`);
  await tail.next(at(3), 5_000);
  await tail.next(at(2), 5_000);
  expect(tail.lines().map((seen) => seen.at)).toEqual([1, 2, 3]);
});

test('an event that is already in the record is found at once', async () => {
  write('order.jsonl', `${line(1)}\n`);
  await tail.next(at(1), 5_000);
  expect(await tail.next(at(1), 1)).toMatchObject({ at: 1 });
});

test('waiting for an event that does not come in time is an error', async () => {
  await expect(tail.next(at(9), 20)).rejects.toThrow('aborted');
});

test('closing reads the last lines', async () => {
  write('order.jsonl', `${line(1)}\n`);
  await tail.close();
  expect(received).toHaveLength(1);
});

test('a torn line is ignored, and the lines after it are read', async () => {
  write('order.jsonl', `${line(1).slice(0, 30)}\n{"kind":"span-st\n${line(2)}\n`);
  await tail.next(at(2), 5_000);
  expect(tail.lines().map((seen) => seen.at)).toEqual([2]);
});
