import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFolders } from './find-run.ts';
import { pruneRuns } from './prune-runs.ts';

const LONG_AGO = new Date('2026-11-21T09:00:00Z');

test('the latest runs, the lab that is up, and runs in progress are not removed', async () => {
  const root = await mkdtemp(join(tmpdir(), 'in-doubt-prune-'));
  const folder = (name: string) => join(root, '.lab', 'runs', name);
  for (const name of ['0-new', '0-done', '1-a', '2-b', '3-c', '4-d']) {
    await mkdir(folder(name), { recursive: true });
    if (name !== '0-new') await utimes(folder(name), LONG_AGO, LONG_AGO);
  }
  await writeFile(join(folder('0-done'), 'result.json'), '{}');
  expect(await pruneRuns(root, 1, [folder('2-b')])).toEqual(['3-c', '1-a', '0-done']);
  expect(await runFolders(root)).toEqual(['4-d', '2-b', '0-new']);
  await rm(root, { recursive: true });
});
