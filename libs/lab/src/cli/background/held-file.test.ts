import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processStart } from '../../infrastructure/process/process-start.ts';
import { heldFile } from './held-file.ts';

const NO_PROCESS = 2_147_483_646;
const ROUNDS = 150;
const MAIN = 'racer-main';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'held-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

interface Own {
  pid: number;
  size?: string;
}

const placeAt = (file: string, main = MAIN, pids: number[] = []) =>
  heldFile<Own>({ file, main, taken: 'taken', pids: () => pids });

/** Another process, whose command line says that it may be a holder. */
function another(at: string, script: string, args: string[] = []): ChildProcess {
  const main = join(at, `${MAIN}-${readdirSync(at).length}.ts`);
  const module = join(import.meta.dirname, 'held-file.ts');
  writeFileSync(main, `import { heldFile } from ${JSON.stringify(module)};\n${script}`);
  const child = fork(main, args);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

// Both wait for the same millisecond, and then claim.
const RACER = `
process.on('message', async ({ file, at }) => {
  while (Date.now() < at);
  const place = heldFile({ file, main: '${MAIN}', taken: 'taken', pids: () => [] });
  process.send(await place.claim().then(() => 'won', (error) => error.code));
});
process.send('ready');`;

test.each([
  ['nobody has it', null],
  ['a dead process has it', JSON.stringify({ ready: false, pid: NO_PROCESS })],
  ['somebody has it who is no holder', JSON.stringify({ ready: false, pid: 1 })],
  ['it was cut short', '{"ready":true,"pi'],
])('%s: of two processes that claim it at once, one gets it', async (_, before) => {
  const at = folder();
  const racers = [another(at, RACER), another(at, RACER)];
  await Promise.all(racers.map((racer) => once(racer, 'message')));
  const places = join(at, 'places');
  mkdirSync(places);
  for (let round = 0; round < ROUNDS; round++) {
    const file = join(places, `place-${round}`);
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
  // Neither a draft nor a right to remove is left.
  expect(readdirSync(places)).toHaveLength(ROUNDS);
  expect(statSync(join(places, 'place-0')).mode & 0o777).toBe(0o600);
});

test('written by many at once: all succeed, in the order in which they were asked', async () => {
  const file = join(folder(), 'place');
  const place = placeAt(file);
  const sizes = Array.from({ length: 50 }, (_, at) => 'x'.repeat(10_000 * (50 - at)));
  await Promise.all(sizes.map((size) => place.write({ pid: process.pid, size })));
  expect(JSON.parse(readFileSync(file, 'utf8')).size).toBe(sizes.at(-1));
});

test('given up: no write that is under way, or that comes later, brings it back', async () => {
  const file = join(folder(), 'place');
  const place = placeAt(file);
  const written = place.write({ pid: process.pid });
  await Promise.all([written, place.remove(), place.write({ pid: process.pid })]);
  expect(existsSync(file)).toBe(false);
});

test('another process’s is not removed, only its own', async () => {
  const file = join(folder(), 'place');
  writeFileSync(file, JSON.stringify({ ready: true, pid: process.ppid }));
  await placeAt(file).remove();
  expect(existsSync(file)).toBe(true);
});

const HOLDER = `
const place = heldFile({ file: process.argv[2], main: '${MAIN}', taken: '', pids: () => [] });
await place.claim();
await place.write({ pid: process.pid });
process.on('SIGTERM', async () => {
  if (process.argv[3] === 'deaf') return;
  await place.remove();
  process.exit();
});
process.send('holds');
setInterval(() => {}, 60_000);`;

test('ended in order; a second time nothing is there', async () => {
  const at = folder();
  const file = join(at, 'place');
  await once(another(at, HOLDER, [file]), 'message');
  expect(await placeAt(file).read()).toMatchObject({ ready: true });
  expect(await placeAt(file).end(10_000)).toBe('ended');
  expect(existsSync(file)).toBe(false);
  expect(await placeAt(file).end(10_000)).toBe('nothing was there');
});

test('killed: waits until what it held is gone too, as its guard sees to that', async () => {
  const at = folder();
  const file = join(at, 'place');
  await once(another(at, HOLDER, [file, 'deaf']), 'message');
  // Ends by itself some time later, as what a guard ends.
  const { pid = NO_PROCESS } = spawn('sleep', ['1']);
  expect(await placeAt(file, MAIN, [pid]).end(50)).toBe('ended');
  expect(processStart(pid)).toBeNull();
  expect(existsSync(file)).toBe(false);
});

test('killed, and what it held is still there: it says so', async () => {
  const at = folder();
  const file = join(at, 'place');
  await once(another(at, HOLDER, [file, 'deaf']), 'message');
  expect(await placeAt(file, MAIN, [process.pid]).end(50)).toBe('killed');
});
