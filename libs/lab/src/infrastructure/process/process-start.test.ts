import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { processStart } from './process-start.ts';

const NO_PROCESS = 2_147_483_646;

test('the same while a process lives, another for one that is started later', async () => {
  const own = processStart(process.pid);
  expect(own).toMatch(/\d/);
  expect(processStart(process.pid)).toBe(own);
  const child = spawn('sleep', ['600']);
  await once(child, 'spawn');
  const { pid = NO_PROCESS } = child;
  expect(processStart(pid)).not.toBeNull();
  expect(processStart(pid)).not.toBe(own);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(processStart(pid)).toBeNull();
});

test('nobody, and one that has ended and is not collected, have none', async () => {
  expect(processStart(NO_PROCESS)).toBeNull();
  // The shell becomes a program that never collects the child which the shell had.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(String(line));
  await expect.poll(() => stateOf(pid)).toMatch(/^(Z|gone)$/);
  expect(processStart(pid)).toBeNull();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
});

function stateOf(pid: number): string {
  try {
    return /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
  } catch {
    return 'gone';
  }
}
