import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cpuSeconds } from './cpu-time.ts';

const BURN =
  'const until = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < until);';

test('the processor time counts what an ended child has used', () => {
  const before = cpuSeconds();
  if (before === null) return; // without /proc `npm test` prints no processor time
  spawnSync(process.execPath, ['--eval', BURN]);
  expect(Number(cpuSeconds()) - before).toBeGreaterThan(0.3);
});
