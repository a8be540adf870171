import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFolders } from './find-run.ts';
import { pruneRuns } from './prune-runs.ts';

test('the latest stay, and the folder of the lab that is up', async () => {
  const root = await mkdtemp(join(tmpdir(), 'in-doubt-prune-'));
  const folder = (name: string) => join(root, '.lab', 'runs', name);
  for (const name of ['1-a', '2-b', '3-c', '4-d']) await mkdir(folder(name), { recursive: true });
  expect(await pruneRuns(root, 1, [folder('2-b')])).toEqual(['3-c', '1-a']);
  expect(await runFolders(root)).toEqual(['4-d', '2-b']);
  await rm(root, { recursive: true });
});
