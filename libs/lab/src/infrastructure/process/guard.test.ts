import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { processStart } from './process-start.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'guard-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const GUARD = import.meta.resolve('./guard.ts');

/** A process with a guard and a long-lived child that then runs the given code. */
async function owner(code: string): Promise<{ child: number; die: () => Promise<void> }> {
  const script = `
    import { spawn } from 'node:child_process';
    import { startGuard } from '${GUARD}';
    const guard = startGuard({
      dir: ${JSON.stringify(join(dir, 'data'))},
      lastCommand: ['touch', ${JSON.stringify(join(dir, 'last'))}],
    });
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    guard.add(child.pid);
    ${code}
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const process = spawn(globalThis.process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: process.stdout }), 'line');
  const die = async (): Promise<void> => {
    process.kill('SIGKILL');
    await once(process, 'exit');
  };
  return { child: Number(line), die };
}

const isGone = (pid: number) => processStart(pid) === null;

const BOUND = { timeout: 5000, interval: 20 };

test('after kill -9 of its owner the guard cleans up processes and folder', async () => {
  await writeFile(join(dir, 'data'), 'of an instance');
  const { child, die } = await owner('');
  expect(isGone(child)).toBe(false);
  await die();
  await vi.waitFor(() => expect(existsSync(join(dir, 'last'))).toBe(true), BOUND);
  expect(isGone(child)).toBe(true);
  expect(existsSync(join(dir, 'data'))).toBe(false);
});

test('a guard does not end a process that was removed from it', async () => {
  const { child, die } = await owner('guard.remove(child.pid);');
  await die();
  await vi.waitFor(() => expect(existsSync(join(dir, 'last'))).toBe(true), BOUND);
  expect(isGone(child)).toBe(false);
  process.kill(child, 'SIGKILL');
});

test('a released guard does nothing when its owner dies', async () => {
  await writeFile(join(dir, 'data'), 'of an instance');
  const { child, die } = await owner('await guard.release();');
  await die();
  expect(isGone(child)).toBe(false);
  expect(existsSync(join(dir, 'data'))).toBe(true);
  process.kill(child, 'SIGKILL');
});
