import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sampleUp } from '../sample-status.fixture.ts';
import { readUp, upPlace } from './up-file.ts';

function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), 'up-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '.lab'));
  return root;
}

test('only its owner may read it: it holds passwords', async () => {
  const root = checkout();
  const place = upPlace(root);
  await place.write(sampleUp());
  expect(statSync(join(root, '.lab', 'up.json')).mode & 0o777).toBe(0o600);
  await place.remove();
  expect(existsSync(join(root, '.lab', 'up.json'))).toBe(false);
});

test('a pid that is alive but no keeper is somebody else: nothing is up', async () => {
  const root = checkout();
  await upPlace(root).write(sampleUp()); // with the pid of this test
  expect(await readUp(root)).toBeNull();
});

test('a file that was cut short stands in nobody’s way', async () => {
  const root = checkout();
  writeFileSync(join(root, '.lab', 'up.json'), '{"ready":true,"pi');
  expect(await readUp(root)).toBeNull();
  await upPlace(root).claim();
  expect(existsSync(join(root, '.lab', 'up.json'))).toBe(true);
});
