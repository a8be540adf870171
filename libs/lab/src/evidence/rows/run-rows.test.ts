import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readRows, writeRows } from './run-rows.ts';
import { sampleRunRows } from './sample-rows.fixture.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'in-doubt-rows-'));
  return () => rm(dir, { recursive: true, force: true });
});

test('stored rows are read again, and their file is readable only by its owner', async () => {
  expect(await writeRows(dir, sampleRunRows())).toBeNull();
  expect(await readRows(dir)).toEqual(sampleRunRows());
  expect((await stat(join(dir, 'rows.json'))).mode & 0o777).toBe(0o600);
});

test('a run without stored rows has none', async () => {
  expect(await readRows(dir)).toBeNull();
});

const [database] = sampleRunRows().databases;
const [change] = sampleRunRows().changes;

test.each([
  ['databases', [null]],
  ['databases', [{ ...database, owner: 'nobody' }]],
  ['databases', [{ ...database, tables: [{ name: 'orders' }] }]],
  ['changes', [{ ...change, row: null }]],
  ['changes', [{ ...change, row: { id: { deep: 1 } } }]],
  ['changes', [{ ...change, at: 'then' }]],
  ['prepared', ['stock-import-7']],
  ['waits', [{}]],
  ['leftOut', [1]],
])('a file whose %s are %j is damaged', async (field, value) => {
  const text = JSON.stringify({ ...sampleRunRows(), [field]: value });
  await writeFile(join(dir, 'rows.json'), text);
  await expect(readRows(dir)).rejects.toThrow(/it does not hold the rows of a run/);
});

test.each([
  ['cut in two', '{"version":1,', /rows\.json: it is not JSON/],
  ['another document', '{"version":2}', /rows\.json: it does not hold the rows of a run/],
  ['a part missing', '{"version":1,"changes":[]}', /it does not hold the rows/],
])('a damaged file (%s) is an error that says what to do', async (_what, text, message) => {
  await writeFile(join(dir, 'rows.json'), text);
  await expect(readRows(dir)).rejects.toThrow(message);
  await expect(readRows(dir)).rejects.toThrow(/Next: remove that file/);
});
