import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { bringDebian } from './bring-debian.ts';

const run = promisify(execFile);
const PROGRAM = 'in-doubt-no-such-program';

let folder: string;
let output = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-doubt-debian-'));
  output = '';
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (output += String(text)) !== '');
  await stub('id', 'echo 0');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function stub(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** Puts an apt-get on PATH that records its calls. */
const stubApt = (script: string) => stub('apt-get', `echo "$@" >>'${folder}/calls'\n${script}`);
const calls = () => readFile(join(folder, 'calls'), 'utf8');

const bring = (withinMs = 20_000, signal = new AbortController().signal) => {
  return bringDebian(['pack'], PROGRAM, {
    folder,
    policy: join(folder, 'policy'),
    withinMs,
    signal,
  });
};

/** Takes the lock: this works once its owner, and all that the owner started, has ended. */
const lockIsFree = () => run('flock', ['--timeout', '10', join(folder, 'debian.lock'), 'true']);

test('a missing program is installed once, without starting a service', async () => {
  const installed = `test -x '${folder}/policy' && cp '${folder}/id' '${folder}/${PROGRAM}'`;
  await stubApt(`case "$*" in *install*) ${installed};; esac`);
  expect(await bring()).toBe(join(folder, PROGRAM));
  expect(await bring()).toBe(join(folder, PROGRAM));
  const lines = (await calls()).trim().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/Retries=0 .*http::Timeout=15 .*update$/),
    expect.stringMatching(/install -y --no-install-recommends pack$/),
  ]);
  expect(existsSync(join(folder, 'policy'))).toBe(false);
  expect(output).toBe('');
});

test('after a failed set-up, the same run does not try again and prints the reason', async () => {
  await stubApt('echo "E: no network" >&2; exit 100');
  expect(await bring()).toBeNull();
  expect(await bring()).toBeNull();
  expect((await calls()).trim().split('\n')).toHaveLength(1);
  expect(output.match(/SKIPPED: no .* \(apt-get failed: E: no network\)/g)).toHaveLength(2);
  await writeFile(join(folder, 'debian-failed'), 'another run\nwhatever\n');
  await bring();
  expect((await calls()).trim().split('\n')).toHaveLength(2);
});

test('at the time-out, apt-get and its children are ended, and the lock is free', async () => {
  await stubApt('sleep 600');
  expect(await bring(1_000)).toBeNull();
  await lockIsFree();
  expect(existsSync(join(folder, 'policy'))).toBe(false);
  expect(output).toContain('neither here nor installed within 1 s');
  expect(await bring()).toBeNull();
  expect(output).toContain('apt-get was ended before it was done');
});

test('an abort of the set-up ends apt-get', async () => {
  await stubApt('sleep 600');
  const stop = new AbortController();
  const bringing = bring(60_000, stop.signal);
  await vi.waitFor(calls, { timeout: scaled(10_000) });
  stop.abort();
  expect(await bringing).toBeNull();
  await lockIsFree();
  expect(output).toContain('the set-up was ended');
});

test('the wait for another set-up counts towards the time-out', async () => {
  await stubApt('sleep 600');
  const stop = new AbortController();
  const other = bring(60_000, stop.signal);
  await vi.waitFor(calls, { timeout: scaled(10_000) });
  expect(await bring(500)).toBeNull();
  expect(output).toContain('within 0.5 s');
  stop.abort();
  await other;
});

test('only root may install a program, and every user may use one that is on PATH', async () => {
  await stub('id', 'echo 1000');
  await stubApt('exit 0');
  expect(await bring()).toBeNull();
  expect(output).toContain('only root may install packages');
  await stub(PROGRAM, 'exit 0');
  expect(await bring()).toBe(join(folder, PROGRAM));
  await expect(calls()).rejects.toThrow('ENOENT');
});
