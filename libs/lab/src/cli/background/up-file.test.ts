import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sampleUp } from '../sample-status.fixture.ts';
import { readUp, upPidFile } from './up-file.ts';

function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), 'up-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '.lab'));
  return root;
}

test('up.json has mode 0600, because it contains passwords', async () => {
  const root = checkout();
  const file = upPidFile(root);
  await file.write(sampleUp());
  expect(statSync(join(root, '.lab', 'up.json')).mode & 0o777).toBe(0o600);
  await file.remove();
  expect(existsSync(join(root, '.lab', 'up.json'))).toBe(false);
});

test('no lab is up when the pid in up.json belongs to another program', async () => {
  const root = checkout();
  await upPidFile(root).write(sampleUp()); // with the pid of this test
  expect(await readUp(root)).toBeNull();
});

test('an up.json that was cut short counts as no lab and can be claimed', async () => {
  const root = checkout();
  writeFileSync(join(root, '.lab', 'up.json'), '{"ready":true,"pi');
  expect(await readUp(root)).toBeNull();
  await upPidFile(root).claim();
  expect(existsSync(join(root, '.lab', 'up.json'))).toBe(true);
});
