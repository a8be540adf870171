import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildOnce } from './build-once.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'build-once-'));
});
afterEach(async () => {
  await rm(parent, { recursive: true });
});

const writing = (text: string) => (folder: string) => writeFile(join(folder, 'made'), text);
const made = (): Promise<string> => readFile(join(parent, 'cache', 'made'), 'utf8');

test('an existing folder is not built again', async () => {
  await buildOnce(join(parent, 'cache'), writing('first'));
  await buildOnce(join(parent, 'cache'), () => Promise.reject(new Error('built again')));
  expect(await made()).toBe('first');
});

test('a failed build leaves no files, and the next build starts from scratch', async () => {
  const broken = async (folder: string): Promise<void> => {
    await writing('half')(folder);
    throw new Error('interrupted');
  };
  await expect(buildOnce(join(parent, 'cache'), broken)).rejects.toThrow('interrupted');
  expect(await readdir(parent)).toEqual([]);
  await buildOnce(join(parent, 'cache'), writing('whole'));
  expect(await made()).toBe('whole');
});

test('two concurrent builds both succeed and leave one result', async () => {
  const both = Promise.withResolvers<void>();
  let building = 0;
  const together = (text: string) => async (folder: string) => {
    await writing(text)(folder);
    if (++building === 2) both.resolve();
    await both.promise;
  };
  await Promise.all(['a', 'b'].map((text) => buildOnce(join(parent, 'cache'), together(text))));
  expect(['a', 'b']).toContain(await made());
  expect(await readdir(parent)).toEqual(['cache']);
});

test('a fresh leftover of a killed build is removed only with isAlone', async () => {
  const leftover = join(parent, 'cache.0123abcd.tmp');
  await mkdir(leftover);
  await buildOnce(join(parent, 'cache'), writing('first'));
  expect(await readdir(parent)).toEqual(['cache', basename(leftover)]);
  await rm(join(parent, 'cache'), { recursive: true });
  await buildOnce(join(parent, 'cache'), writing('second'), { isAlone: true });
  expect(await readdir(parent)).toEqual(['cache']);
});
