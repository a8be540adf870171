import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bringDebian } from './bring-debian.ts';

const run = promisify(execFile);
const PROGRAM = 'in-doubt-no-such-program';

let folder: string;
let said = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-doubt-debian-'));
  said = '';
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (said += String(text)) !== '');
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

/** Puts an apt-get on PATH that notes how often it was asked. */
const stubApt = (script: string) => stub('apt-get', `echo "$@" >>'${folder}/asked'\n${script}`);
const asked = () => readFile(join(folder, 'asked'), 'utf8');

const bring = (withinMs = 20_000, signal = new AbortController().signal) => {
  return bringDebian(['pack'], PROGRAM, {
    folder,
    policy: join(folder, 'policy'),
    withinMs,
    signal,
  });
};

/** The lock can be had: whoever held it is gone, and all that it started. */
const lockIsFree = () => run('flock', ['--timeout', '10', join(folder, 'debian.lock'), 'true']);

test('what is missing is installed, with no service started and no retries; once', async () => {
  const installed = `test -x '${folder}/policy' && cp '${folder}/id' '${folder}/${PROGRAM}'`;
  await stubApt(`case "$*" in *install*) ${installed};; esac`);
  expect(await bring()).toBe(join(folder, PROGRAM));
  expect(await bring()).toBe(join(folder, PROGRAM));
  const lines = (await asked()).trim().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/Retries=0 .*http::Timeout=15 .*update$/),
    expect.stringMatching(/install -y --no-install-recommends pack$/),
  ]);
  expect(existsSync(join(folder, 'policy'))).toBe(false);
  expect(said).toBe('');
});

test('what has failed in this run is not tried again: skipped aloud, with the reason', async () => {
  await stubApt('echo "E: no network" >&2; exit 100');
  expect(await bring()).toBeNull();
  expect(await bring()).toBeNull();
  expect((await asked()).trim().split('\n')).toHaveLength(1);
  expect(said.match(/SKIPPED: no .* \(apt-get failed: E: no network\)/g)).toHaveLength(2);
  await writeFile(join(folder, 'debian-failed'), 'another run\nwhatever\n');
  await bring();
  expect((await asked()).trim().split('\n')).toHaveLength(2);
});

test('out of time, apt-get is ended with what it started, and the lock is free', async () => {
  await stubApt('sleep 600');
  expect(await bring(1_000)).toBeNull();
  await lockIsFree();
  expect(existsSync(join(folder, 'policy'))).toBe(false);
  expect(said).toContain('neither here nor installed within 1 s');
  expect(await bring()).toBeNull();
  expect(said).toContain('apt-get was ended before it was done');
});

test('told to end, it ends apt-get too', async () => {
  await stubApt('sleep 600');
  const stop = new AbortController();
  const bringing = bring(60_000, stop.signal);
  await vi.waitFor(asked, { timeout: 10_000 });
  stop.abort();
  expect(await bringing).toBeNull();
  await lockIsFree();
  expect(said).toContain('the set-up was ended');
});

test('who waits for the set-up of another does so within the same bound', async () => {
  await stubApt('sleep 600');
  const stop = new AbortController();
  const other = bring(60_000, stop.signal);
  await vi.waitFor(asked, { timeout: 10_000 });
  expect(await bring(500)).toBeNull();
  expect(said).toContain('within 0.5 s');
  stop.abort();
  await other;
});

test('only root may, and a program that is there is taken by anybody', async () => {
  await stub('id', 'echo 1000');
  await stubApt('exit 0');
  expect(await bring()).toBeNull();
  expect(said).toContain('only root may install packages');
  await stub(PROGRAM, 'exit 0');
  expect(await bring()).toBe(join(folder, PROGRAM));
  await expect(asked()).rejects.toThrow('ENOENT');
});
