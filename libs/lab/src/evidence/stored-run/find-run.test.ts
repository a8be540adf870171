import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRun, matching } from './find-run.ts';

const OLD = '2026-11-21T09-00-00-000-saga-happy-path';
const NEW = '2026-11-21T10-00-00-000-saga-happy-path';
const OTHER = '2026-11-21T11-00-00-000-2pc-commit';
const NAMES = [OTHER, NEW, OLD];
/** The folder of a lab that was up, which is not the run of a scenario. */
const UP = '2026-11-21T12-00-00-000-up';

test.each([
  ['last', [OTHER]],
  ['saga-happy-path', [NEW]],
  ['happy-path', []],
  [OLD, [OLD]],
  ['2026-11-21T09', [OLD]],
  ['2026-11-21T', NAMES],
  ['nonsense', []],
])('"%s" finds the matching runs', (wanted, found) => {
  expect(matching(NAMES, wanted)).toEqual(found);
});

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'in-doubt-runs-'));
  const folders = [...NAMES, UP].map((name) => join(root, '.lab', 'runs', name));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  for (const folder of folders.slice(0, -1)) await writeFile(join(folder, 'result.json'), '{}');
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('`last` is the latest run with a result', async () => {
  expect(await findRun(root, 'last')).toBe(join(root, '.lab', 'runs', OTHER));
  expect(await findRun(root, UP)).toBe(join(root, '.lab', 'runs', UP));
});

test('a folder outside of the checkout is found by its path', async () => {
  expect(await findRun('/nowhere', join(root, '.lab', 'runs', OLD))).toMatch(OLD);
});

test.each([
  ['nonsense', new RegExp(`no run nonsense(.|\n)*${OTHER}`)],
  ['2026-11-21T', new RegExp(`more than one(.|\n)*${NEW}`)],
  ['', /the name of the run is empty(.|\n)*scenario runs/],
  ['  ', /the name of the run is empty/],
  ['../../nowhere', /no run/],
])('the error for the wanted run "%s" lists what matches or exists', async (wanted, message) => {
  await expect(findRun(root, wanted)).rejects.toThrow(message);
});

test('without any run, the error says how to make one', async () => {
  await expect(findRun('/nowhere', 'last')).rejects.toThrow(/scenario run saga-compensation/);
});
