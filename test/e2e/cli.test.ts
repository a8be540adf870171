import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cliMain, runCli, runProgram } from './run-cli.ts';
import { root } from './shared-servers.ts';

/** A folder outside the checkout, without the colour settings of the person who runs the tests. */
const elsewhere = (env: Record<string, string> = {}) => ({
  cwd: tmpdir(),
  env: { NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
});

const scenario = (args: string, env: Record<string, string> = {}) =>
  runCli(args.split(' '), elsewhere(env));

test('--help names every command, and the help of each command has an example', async () => {
  const { code, stdout } = await scenario('--help');
  expect(code).toBe(0);
  const commands = [
    'list describe run runs report trace diagram up down jaeger status logs',
    'indoubt failpoints chaos matrix storm doctor completion',
  ].flatMap((words) => words.split(' '));
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  const helps = await Promise.all(commands.map((command) => scenario(`${command} --help`)));
  for (const help of helps) {
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Example:\n  ') });
  }
});

test('list shows every scenario within 100 columns, and without colour in a pipe', async () => {
  const { code, stdout, stderr } = await scenario('list', { CI: 'true' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^ {2}saga-compensation +\d+ min {2}payment declined → /m);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('list --json and describe --json print one JSON document each', async () => {
  const list = await scenario('list --json');
  const { scenarios } = JSON.parse(list.stdout) as { scenarios: { name: string }[] };
  expect(scenarios.map(({ name }) => name)).toContain('saga-compensation');
  const described = await scenario('describe saga-compensation --json');
  expect(JSON.parse(described.stdout)).toMatchObject({ name: 'saga-compensation' });
});

test('describe prints the lesson of a scenario', async () => {
  const { code, stdout } = await scenario('describe saga-participant-crash');
  expect(code).toBe(0);
  expect(stdout).toContain('inventory:handled-not-acknowledged=crash@1');
  expect(stdout).toContain('scenarios/saga-participant-crash/README.md');
  expect(stdout).toMatch(/coordination\n {2}saga only\n\n/);
});

test.each([
  ['lst', /unknown command 'lst'\n\(Did you mean list\?\)/],
  ['run saga-compensation --sed 7', /unknown option '--sed'\n\(Did you mean --seed\?\)/],
  ['run saga-compenstion', /Did you mean 'saga-compensation'\?/],
  ['describe saga-compenstion', /Did you mean 'saga-compensation'\?/],
  ['run saga-compensation --infra dokcer', /Did you mean 'docker'\?/],
  ['run saga-compensation --seed seven', /whole number from 0/],
  ['run relay-crash --coordination 2pc', /relay-crash cannot .* 2pc: it supports only saga\./],
  ['run saga-compensation --coordination 3pc', /Did you mean '2pc'\?/],
  ['run saga-compensation --presume comit', /The value must be one of abort, nothing/],
  ['run', /no scenario is named/],
  ['run saga-compensation --all', /--all cannot be combined/],
  ['completion bsh', /Did you mean 'bash'\?/],
])('the wrong command "%s" exits with 2 and suggests a right one', async (args, says) => {
  const { code, stdout, stderr } = await scenario(args);
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
  expect(stdout).toBe('');
});

test.each([
  [{ INDOUBT_INFRA: 'dokcer' }, /from env 'INDOUBT_INFRA' is invalid.*Did you mean 'docker'\?/],
  [{ COORDINATION: '3pc' }, /from env 'COORDINATION' is invalid.*Did you mean '2pc'\?/],
  [{ INDOUBT_KAFKA_BROKER: 'a:1' }, /Did you mean 'INDOUBT_KAFKA_BROKERS'\?/],
])('a wrong setting %j exits with 2 and suggests the nearest valid one', async (env, says) => {
  const { code, stderr } = await scenario('run saga-compensation', env);
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
});

test('without servers, run --json exits with 2 and its document has the reason', async () => {
  const env = { INDOUBT_KAFKA_BROKERS: 'localhost:1' };
  const { code, stdout } = await scenario('run saga-compensation --json', env);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'unknown',
    problem: expect.stringContaining('INDOUBT_ORDER_DATABASE_URL'),
  });
});

test('status --json and doctor --json print one JSON document each', async () => {
  const status = await scenario('status --json');
  expect(JSON.parse(status.stdout)).toHaveProperty('up');
  const doctor = await scenario('doctor --json');
  expect(JSON.parse(doctor.stdout)).toMatchObject({ node: process.version });
});

test('a reader that closes the pipe early (| head) does not crash the command', async () => {
  const child = spawn(process.execPath, [cliMain(), 'list'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('Ctrl-C while the servers start exits with 130 and leaves nothing running', async () => {
  const child = spawn(
    process.execPath,
    [cliMain(), 'run', 'saga-compensation', '--infra', 'native'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  const started = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (stderr.includes('starting the servers')) resolve();
    });
  });
  await started;
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(130);
  const left = await runProgram('sh', [
    '-c',
    `ls '${root}/.lab/instances' | grep '^${child.pid}-' || true`,
  ]);
  expect(left.stdout).toBe('');
});

test('the command works through a symlink, from any folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'a link '));
  onTestFinished(() => rm(folder, { recursive: true }));
  const link = join(folder, 'scenario');
  await symlink(join(root, 'scenario'), link);
  const { code, stdout } = await runProgram(link, ['list', '--names'], elsewhere());
  expect(code).toBe(0);
  expect(stdout.split('\n')).toContain('saga-compensation');
});
