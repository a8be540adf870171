import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { sampleLines, sampleResult } from '../narration/sample-outcome.ts';
import { numberedEvents } from './numbered-events.ts';
import { openRun } from './open-run.ts';

const LINES = sampleLines();
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'in-doubt-run-'));
  await mkdir(join(dir, 'record'));
  await writeFile(join(dir, 'result.json'), JSON.stringify(sampleResult()));
  await writeRecord('order', LINES.slice(2));
  await writeRecord('lab', LINES.slice(0, 2));
  return () => rm(dir, { recursive: true, force: true });
});

async function writeRecord(name: string, lines: readonly unknown[], end = ''): Promise<void> {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(join(dir, 'record', `${name}.jsonl`), text + end);
}

const opened = () => openRun('/nowhere', dir);

test('a whole run: its result, and its record in the order of time', async () => {
  const { result, lines } = await opened();
  expect(result.scenario).toBe('saga-compensation');
  expect(lines).toEqual(LINES);
  expect(numberedEvents(lines).map(({ id }) => id)).toEqual(LINES.map((_, index) => index));
});

test('half a line at the end is a process that was killed, and no damage', async () => {
  await writeRecord('order', LINES.slice(2), '{"kind":"event","proc');
  expect((await opened()).lines).toEqual(LINES);
});

test.each([
  ['no result', () => rm(join(dir, 'result.json')), /no result\.json: the run was cut short/],
  ['a result cut in two', () => writeFile(join(dir, 'result.json'), '{"a'), /result\.json: it is/],
  ['another document', () => writeFile(join(dir, 'result.json'), '{}'), /not the result of a run/],
  ['a storm', () => writeFile(join(dir, 'result.json'), '{"scheduleFile":""}'), /is of a storm/],
  ['no record', () => rm(join(dir, 'record'), { recursive: true }), /record is not there/],
  ['a damaged line', () => writeRecord('order', [3, 4]), /order\.jsonl, line 1: it is not a line/],
  [
    'rubbish in the middle',
    () => writeFile(join(dir, 'record', 'order.jsonl'), '{}}\n{}\n'),
    /order\.jsonl, line 1: it is not JSON/,
  ],
])('%s: says which file, and what to do', async (_what, damage, message) => {
  await damage();
  const failure = opened();
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.toThrow(/Next: /);
});
