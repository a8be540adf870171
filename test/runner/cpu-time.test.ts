import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cpuSeconds } from './cpu-time.ts';

const BURN =
  'const until = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < until);';

test.skipIf(cpuSeconds() === null)('the processor time counts what an ended child has used', () => {
  const before = cpuSeconds() ?? 0;
  spawnSync(process.execPath, ['--eval', BURN]);
  expect((cpuSeconds() ?? 0) - before).toBeGreaterThan(0.3);
});
