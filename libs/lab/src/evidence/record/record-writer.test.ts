import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { recordWriter } from './record-writer.ts';

test('the first line after a torn line begins on a line of its own', () => {
  const dir = mkdtempSync(join(tmpdir(), 'record-writer-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'lab.jsonl');
  writeFileSync(file, '{"pid":1,"at');
  const writer = recordWriter(dir);
  writer.event('order', { event: 'process-started', pid: 4711 });
  writer.event('order', { event: 'process-resumed', pid: 4711 });
  const [half, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(half).toBe('{"pid":1,"at');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'process-started' },
    { event: 'process-resumed' },
  ]);
});
