import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { processStart } from '../../infrastructure/process/process-start.ts';
import { pidFile } from './pid-file.ts';

const NO_PROCESS = 2_147_483_646;
const ROUNDS = 150;
const MAIN = 'racer-main';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'pid-file-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

interface Own {
  pid: number;
  size?: string;
}

const pidFileAt = (file: string, main = MAIN, pids: number[] = []) =>
  pidFile<Own>({ file, main, taken: 'taken', pids: () => pids });

/**
 * Another process, which the caller ends. Its command line has the name of the main module, so it
 * may own a pid file.
 */
function another(at: string, script: string, args: string[] = []): ChildProcess {
  const main = join(at, `${MAIN}-${readdirSync(at).length}.ts`);
  const module = join(import.meta.dirname, 'pid-file.ts');
  writeFileSync(main, `import { pidFile } from ${JSON.stringify(module)};\n${script}`);
  return fork(main, args);
}

// Both processes wait for the same millisecond, and then claim the file. They sleep for most of the
// time, and not for all of it, since a sleep may end late.
const RACER = `
const never = new Int32Array(new SharedArrayBuffer(4));
const leftMs = (at) => at - performance.timeOrigin - performance.now();
process.on('message', async ({ file, at }) => {
  Atomics.wait(never, 0, 0, Math.max(0, leftMs(at) - 0.5));
  while (leftMs(at) > 0);
  const own = pidFile({ file, main: '${MAIN}', taken: 'taken', pids: () => [] });
  process.send(await own.claim().then(() => 'won', (error) => error.code));
});
process.send('ready');`;

let racers: ChildProcess[] = [];
beforeAll(async () => {
  const at = mkdtempSync(join(tmpdir(), 'pid-file-'));
  racers = [another(at, RACER), another(at, RACER)];
  await Promise.all(racers.map((racer) => once(racer, 'message')));
  return () => {
    for (const racer of racers) racer.kill('SIGKILL');
    rmSync(at, { recursive: true });
  };
});

test.each([
  ['there is no file', null],
  ['the file belongs to a dead process', JSON.stringify({ ready: false, pid: NO_PROCESS })],
  ['the file belongs to another program', JSON.stringify({ ready: false, pid: 1 })],
  ['the file was cut short', '{"ready":true,"pi'],
])('of two processes that claim a pid file at once, one gets it, when %s', async (_, before) => {
  const files = folder();
  for (let round = 0; round < ROUNDS; round++) {
    const file = join(files, `file-${round}`);
    if (before !== null) writeFileSync(file, before);
    const ended = racers.map((racer) => once(racer, 'message'));
    for (const racer of racers) racer.send({ file, at: Date.now() + 3 });
    const outcomes = (await Promise.all(ended)).map(([outcome]) => String(outcome));
    expect({ round, outcomes: outcomes.toSorted() }).toEqual({
      round,
      outcomes: ['lab-failed', 'won'],
    });
    const winner = racers[outcomes.indexOf('won')];
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ready: false, pid: winner?.pid });
  }
  // Neither a draft nor a lock is left.
  expect(readdirSync(files)).toHaveLength(ROUNDS);
  expect(statSync(join(files, 'file-0')).mode & 0o777).toBe(0o600);
});

test('concurrent writes of a pid file all succeed, in the order of their calls', async () => {
  const file = join(folder(), 'file');
  const own = pidFileAt(file);
  const sizes = Array.from({ length: 50 }, (_, at) => 'x'.repeat(10_000 * (50 - at)));
  await Promise.all(sizes.map((size) => own.write({ pid: process.pid, size })));
  expect(JSON.parse(readFileSync(file, 'utf8')).size).toBe(sizes.at(-1));
});

test('a write after a remove does not bring the pid file back', async () => {
  const file = join(folder(), 'file');
  const own = pidFileAt(file);
  const written = own.write({ pid: process.pid });
  await Promise.all([written, own.remove(), own.write({ pid: process.pid })]);
  expect(existsSync(file)).toBe(false);
});

test('a process does not remove the pid file of another process', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, JSON.stringify({ ready: true, pid: process.ppid }));
  await pidFileAt(file).remove();
  expect(existsSync(file)).toBe(true);
});

const OWNER = `
const own = pidFile({ file: process.argv[2], main: '${MAIN}', taken: '', pids: () => [] });
await own.claim();
await own.write({ pid: process.pid });
process.on('SIGTERM', async () => {
  if (process.argv[3] === 'deaf') return;
  await own.remove();
  process.exit();
});
process.send('owns');
setInterval(() => {}, 60_000);`;

/** Starts an owner of the file, and waits until it owns the file. */
async function owner(at: string, ...args: string[]): Promise<void> {
  const child = another(at, OWNER, args);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
}

test('end stops the owner and removes its pid file, and a second end finds no owner', async () => {
  const at = folder();
  const file = join(at, 'file');
  await owner(at, file);
  expect(await pidFileAt(file).read()).toMatchObject({ ready: true });
  expect(await pidFileAt(file).end(10_000)).toBe('ended');
  expect(existsSync(file)).toBe(false);
  expect(await pidFileAt(file).end(10_000)).toBe('nothing was there');
});

test('after a kill, end waits until the processes of the owner are gone too', async () => {
  const at = folder();
  const file = join(at, 'file');
  await owner(at, file, 'deaf');
  // This process ends a second later, like a process that a guard ends.
  const { pid = NO_PROCESS } = spawn('sleep', ['1']);
  expect(await pidFileAt(file, MAIN, [pid]).end(50)).toBe('ended');
  expect(processStart(pid)).toBeNull();
  expect(existsSync(file)).toBe(false);
});

test('after a kill, end reports that processes of the owner still run', async () => {
  const at = folder();
  const file = join(at, 'file');
  await owner(at, file, 'deaf');
  expect(await pidFileAt(file, MAIN, [process.pid]).end(50)).toBe('killed');
});
