import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followDockerfile, type ImageFiles } from '../containers/image-files.ts';
import { scaled } from '../runner/slowness.ts';

const MB = 1_000_000;
const SIZE_MAX_MB = 40; // measured: 31; with the packages of the lab it would be more than 62

let folder: string;
let image: ImageFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-doubt-image-'));
  image = await (await followDockerfile(folder))('order');
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the command of the image without any setting. */
function startBare() {
  const [, ...args] = image.command;
  const { cwd } = image;
  return spawnSync(process.execPath, args, {
    cwd,
    env: {},
    encoding: 'utf8',
    timeout: scaled(20_000),
  });
}

test('an image has its service and the packages it needs in production, and no more', () => {
  // Links are not followed: their targets are listed in their own folders.
  const found = execFileSync('find', ['.', '-type', 'f'], { cwd: image.app, encoding: 'utf8' });
  const files = found.split('\n').filter((path) => path !== '');
  const own = files.filter((path) => !path.includes('node_modules'));
  expect(readdirSync(join(image.app, 'services'))).toEqual(['order']);
  expect(readdirSync(join(image.app, 'libs')).toSorted()).toEqual(['patterns', 'platform']);
  expect(own.filter((path) => /\.test\.ts$|\.md$/.test(path))).toEqual([]);
  expect(files.filter((path) => /\.d\.[cm]?ts$|\.map$/.test(path))).toEqual([]);
  expect(files.filter((path) => /\.pnpm\/(typescript|vitest|@embedded)/.test(path))).toEqual([]);
  const bytes = files.map((path) => statSync(join(image.app, path)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0) / MB).toBeLessThan(SIZE_MAX_MB);
});

test('the command of an image reports missing settings, and fails without a package', async () => {
  const whole = startBare();
  expect(whole.status).toBe(2);
  expect(whole.stderr).toMatch(/The environment does not fit:\n {2}PORT: is not set/);
  await rm(join(image.app, 'libs', 'patterns', 'saga'), { recursive: true });
  const broken = startBare();
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/ERR_MODULE_NOT_FOUND/);
});
