import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { sampleLines } from '../record/sample-lines.fixture.ts';
import { sampleResult } from '../sample-result.fixture.ts';
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

test('a complete run has its result, and its record ordered by time', async () => {
  const { result, lines } = await opened();
  expect(result.scenario).toBe('saga-compensation');
  expect(lines).toEqual(LINES);
  expect(numberedEvents(lines).map(({ id }) => id)).toEqual(LINES.map((_, index) => index));
});

test('a torn line at the end of a file does not count as damage', async () => {
  await writeRecord('order', LINES.slice(2), '{"kind":"event","proc');
  expect((await opened()).lines).toEqual(LINES);
});

test('a torn line before the lines of the next process does not count as damage', async () => {
  const successor = LINES.slice(3).map((line) => ({ ...line, pid: 4712 }));
  const texts = [LINES[2], '{"kind":"event","proc', ...successor].map((line) =>
    typeof line === 'string' ? line : JSON.stringify(line),
  );
  await writeFile(join(dir, 'record', 'order.jsonl'), `${texts.join('\n')}\n`);
  expect((await opened()).lines).toEqual([...LINES.slice(0, 3), ...successor]);
});

test.each([
  ['1', { version: undefined }],
  ['3', { version: 3 }],
])(
  'a run of version %s is not opened: the error says which version, and what to do',
  async (version, other) => {
    await writeFile(join(dir, 'result.json'), JSON.stringify({ ...sampleResult(), ...other }));
    await expect(opened()).rejects.toThrow(
      `stored in version ${version}; this lab opens version 2`,
    );
    await expect(opened()).rejects.toThrow(/Next: play it again/);
  },
);

const INVARIANT = { id: 'INV-1', title: '', holds: true, detail: '', because: null };

test.each([
  ['orders', undefined],
  ['orders', [{ id: 1 }]],
  ['expectations', [null]],
  ['invariants', [{ ...INVARIANT, because: 'it is so' }]],
  ['comparison', { title: '' }],
  ['verdict', 'perhaps'],
])('a result whose %s are %j is damaged', async (field, value) => {
  const result = { ...sampleResult(), [field]: value };
  await writeFile(join(dir, 'result.json'), JSON.stringify(result));
  await expect(opened()).rejects.toThrow(/result\.json: it is not the result of a run/);
});

test.each([
  ['no result', () => rm(join(dir, 'result.json')), /no result\.json: the run did not finish/],
  ['a result cut in two', () => writeFile(join(dir, 'result.json'), '{"a'), /result\.json: it is/],
  ['another document', () => writeFile(join(dir, 'result.json'), '{}'), /not the result of a run/],
  [
    'a storm',
    () => writeFile(join(dir, 'result.json'), '{"scheduleFile":""}'),
    /folder of a storm/,
  ],
  ['no record', () => rm(join(dir, 'record'), { recursive: true }), /record is not there/],
  [
    'an empty record',
    async () => {
      for (const name of ['order', 'lab']) await writeRecord(name, []);
    },
    /record: there is no line in the record/,
  ],
  [
    'a torn line between lines of one process',
    () =>
      writeRecord('order', [LINES[2], LINES[3]], '{"kind":"ev\n' + JSON.stringify(LINES[4]) + '\n'),
    /order\.jsonl, line 3: it is not JSON/,
  ],
  [
    'an unknown event',
    () => writeRecord('order', [{ ...LINES[2], event: 'toString' }]),
    /order\.jsonl, line 1: it is not a line of a record/,
  ],
  ['a damaged line', () => writeRecord('order', [3, 4]), /order\.jsonl, line 1: it is not a line/],
  [
    'invalid JSON in the middle',
    () => writeFile(join(dir, 'record', 'order.jsonl'), '{}}\n{}\n'),
    /order\.jsonl, line 1: it is not JSON/,
  ],
])(
  'a folder with %s is an error that names the file and what to do',
  async (_what, damage, message) => {
    await damage();
    const failure = opened();
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(/Next: /);
  },
);
