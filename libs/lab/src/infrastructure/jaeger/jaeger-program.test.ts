import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { processStart } from '../process/process-start.ts';
import { hasJaegerProgram, jaegerProgram, jaegerRequirement } from './jaeger-program.ts';

const NEEDED = ['sh', 'nice', 'rm', 'sleep', 'kill'];
const NO_PROCESS = '2147483646';

/** A checkout, and a PATH on which `go` is this script, or does not exist. */
function checkout(go?: string): { root: string; said: string[]; cached: () => string[] } {
  const root = mkdtempSync(join(tmpdir(), 'jaeger-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const name of NEEDED) {
    const path = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    if (path.startsWith('/')) symlinkSync(path, join(bin, name)); // else built into the shell
  }
  if (go !== undefined) {
    writeFileSync(join(bin, 'go'), `#!/bin/sh\n${go}\n`);
    chmodSync(join(bin, 'go'), 0o755);
  }
  vi.stubEnv('PATH', bin);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cache = join(root, '.lab', 'cache');
  return { root, said: [], cached: () => (existsSync(cache) ? readdirSync(cache) : []) };
}

const goThat = (builds: string): string => `
if [ "$1" = version ]; then echo 'go version go1.99.0 linux/amd64'; exit; fi
${builds}`;

function start({ root, said }: ReturnType<typeof checkout>, signal = new AbortController().signal) {
  return jaegerProgram({ root, progress: (line) => said.push(line), signal });
}

test('two concurrent starts build Jaeger once, and only the program is left', async () => {
  const lab = checkout(
    goThat('echo once >>"$GOTMPDIR/../../../../../built"; sleep 0.3; echo >"$5"'),
  );
  const [first, second] = await Promise.all([start(lab), start(lab)]);
  expect(second).toBe(first);
  expect(await start(lab)).toBe(first);
  expect(readFileSync(join(lab.root, 'built'), 'utf8')).toBe('once\n');
  expect(readdirSync(join(first, '..'))).toEqual(['jaeger-all-in-one']);
  expect(lab.cached()).toHaveLength(1);
  expect(lab.said.join('\n')).toMatch(/building it with Go/);
  expect(lab.said.join('\n')).toMatch(/is built by process \d+: waiting for it/);
  expect((await jaegerRequirement(lab.root)).found).toBe('not needed, Jaeger is built');
});

test('a lock whose owner was killed does not block a build', async () => {
  const lab = checkout(goThat('echo >"$5"'));
  const other = checkout(goThat('echo >"$5"'));
  const name = (await start(other)).split('/').at(-2);
  mkdirSync(join(lab.root, '.lab', 'cache'), { recursive: true });
  symlinkSync(NO_PROCESS, join(lab.root, '.lab', 'cache', `${name}.lock`));
  expect(existsSync(await start(lab))).toBe(true);
  expect(lab.cached()).toEqual([name]);
});

test('a cache folder without the program is built again', async () => {
  const lab = checkout(goThat('echo >"$5"'));
  const file = await start(lab);
  rmSync(file);
  writeFileSync(join(file, '..', 'README'), 'what somebody put there');
  expect(hasJaegerProgram(lab.root)).toBe(false);
  expect((await jaegerRequirement(lab.root)).found).not.toMatch(/is built/);
  expect(existsSync(await start(lab))).toBe(true);
  expect(hasJaegerProgram(lab.root)).toBe(true);
});

test('a process that is killed between build and rename leaves no folder', async () => {
  const lab = checkout(goThat('echo >"$5"'));
  const script = `
    import { jaegerProgram } from ${JSON.stringify(import.meta.resolve('./jaeger-program.ts'))};
    const progress = (line) => line.includes('; removing') && process.kill(process.pid, 'SIGKILL');
    const { signal } = new AbortController();
    await jaegerProgram({ root: ${JSON.stringify(lab.root)}, progress, signal });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  const left = () => expect(lab.cached()).toEqual([expect.stringMatching(/\.lock$/)]);
  await vi.waitFor(left, { timeout: 5_000, interval: 10 });
  expect(existsSync(await start(lab))).toBe(true); // the stale lock does not block
});

test('without Go the error says why and what to do next', async () => {
  const lab = checkout();
  await expect(start(lab)).rejects.toMatchObject({
    code: 'infrastructure-unavailable',
    message: expect.stringMatching(
      /Why: it needs Go 1\.24\.6 or later .*\nNext: install Go [^]*Runs work without Jaeger/,
    ),
  });
  expect(lab.cached()).toEqual([]);
  expect((await jaegerRequirement(lab.root)).found).toBeNull();
});

test('with a Go that is too old the error names its version', async () => {
  const lab = checkout("echo 'go version go1.19.8 linux/amd64'");
  await expect(start(lab)).rejects.toThrow(/the Go on PATH is 1\.19\.8: install Go 1\.24\.6/);
});

test('a failed build shows the end of the output of Go and leaves no files', async () => {
  const lab = checkout(goThat("echo 'main.go:1: no space left on device' >&2; exit 1"));
  await expect(start(lab)).rejects.toThrow(
    /could not build it[^]*Why: the disk is full[^]*\| main\.go:1: no space[^]*Log: .*go\.log/,
  );
  expect(lab.cached()).toEqual([]);
  expect(hasJaegerProgram(lab.root)).toBe(false);
});

test('an interrupted build ends the processes that Go started and leaves no files', async () => {
  const lab = checkout(goThat('sleep 300 & echo $! >"$GOTMPDIR/../../../../../compiler"; wait'));
  const interrupt = new AbortController();
  const building = start(lab, interrupt.signal);
  building.catch(() => undefined);
  const file = join(lab.root, 'compiler');
  const compiler = await vi.waitFor(
    () => {
      const pid = Number(readFileSync(file, 'utf8'));
      expect(pid).toBeGreaterThan(0);
      return pid;
    },
    { timeout: 5_000, interval: 10 },
  );
  interrupt.abort();
  await expect(building).rejects.toMatchObject({ code: 'interrupted' });
  const isGone = () => expect(processStart(compiler)).toBeNull();
  await vi.waitFor(isGone, { timeout: 5_000, interval: 10 });
  expect(lab.cached()).toEqual([]);
});
