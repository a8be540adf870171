import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beginLines, isTornLine } from './torn-line.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'torn-line-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test.each([
  ['a whole line', '{"kind":"event"}\n', ''],
  ['half a line', '{"kind":"event"}\n{"kind":"ev', '\n'],
  ['half a letter', Buffer.from([0x7b, 0x22, 0xc3]), '\n'],
  ['nothing', '', ''],
])('a file that ends with %s gets the right first text', (_what, text, first) => {
  const file = join(dir, 'order.jsonl');
  writeFileSync(file, text);
  expect(beginLines(file)).toBe(first);
});

test('a file that does not exist gets no newline first', () => {
  expect(beginLines(join(dir, 'order.jsonl'))).toBe('');
});

test.each([
  ['{', true],
  ['{"kind":"event","proc', true],
  ['{}}', false],
  ['rubbish', false],
])('the text %s is a torn line: %s', (text, isTorn) => {
  expect(isTornLine(text)).toBe(isTorn);
});
