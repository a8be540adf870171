import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followDockerfile, type ImageFiles } from '../containers/image-files.ts';

const MB = 1_000_000;
const SIZE_MAX_MB = 40; // 31 as measured; the lab's own packages would more than double it

let folder: string;
let image: ImageFiles;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-doubt-image-'));
  image = await (await followDockerfile(folder))('order');
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the image's command with no setting at all. */
function startBare() {
  const [, ...args] = image.command;
  const { cwd } = image;
  return spawnSync(process.execPath, args, { cwd, env: {}, encoding: 'utf8', timeout: 20_000 });
}

test('an image has its service, what that needs in production, and nothing else', () => {
  // Links are not followed: pnpm's lead to what is listed in its own place.
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

test('it starts, and asks for its settings; with a package taken out it does not', async () => {
  const whole = startBare();
  expect(whole.status).toBe(2);
  expect(whole.stderr).toMatch(/The environment does not fit:\n {2}PORT: is not set/);
  await rm(join(image.app, 'libs', 'patterns', 'saga'), { recursive: true });
  const broken = startBare();
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/ERR_MODULE_NOT_FOUND/);
});
