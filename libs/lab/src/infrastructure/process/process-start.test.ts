import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { processStart } from './process-start.ts';

const NO_PROCESS = 2_147_483_646;

test('a live process has a constant start, and a later process has a different start', async () => {
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

test('a pid without a process, and a zombie process, have no start', async () => {
  expect(processStart(NO_PROCESS)).toBeNull();
  // exec replaces the shell by a program that never waits for the shell's child: a zombie.
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
