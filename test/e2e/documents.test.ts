import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cliCommands, shellBlocks } from '../documents/shell-blocks.ts';
import { scaled } from '../runner/slowness.ts';

// What a reader types is tested: every shell block of these documents is run in this checkout, or
// says why not, and every command of the CLI that they name is one that the CLI has.
const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /^(README|CONTRIBUTING|docs\/[^/]+|scenarios\/.+)\.md$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const blocks = files.flatMap(({ path, text }) => shellBlocks(path, text));
const played = blocks.filter(({ mark }) => mark !== 'not run');

const BLOCK_WITHIN_MS = 120_000;
/** Prints each command that fails, with its exit code, where the test can read it. */
const REPORT_FAILURES = `trap 'printf "%s %s\\n" "$?" "$BASH_COMMAND" >&3' ERR\n`;

const run = promisify(execFile);
const scenario = (...args: string[]) => run(join(root, 'scenario'), args, { cwd: root });

/** Runs a block as a reader does. @returns the commands that failed, with their exit codes */
async function failuresOf(text: string): Promise<string[]> {
  const script = `exec 3>&1 1>&2\n${REPORT_FAILURES}${text}\ntrue`;
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout, stderr } = await run('bash', ['-c', script], options);
  const failures = stdout.split('\n').filter((line) => line !== '');
  return failures.map((failure) => `${failure}\n${stderr.slice(-2_000)}`);
}

describe('the shell blocks of the documents', () => {
  // Stories then need no servers of their own; a block that starts a lab ends this one first.
  beforeAll(async () => {
    await scenario('up', '--chaos');
  }, scaled(BLOCK_WITHIN_MS));
  afterAll(async () => {
    await scenario('down');
  }, scaled(BLOCK_WITHIN_MS));

  test.each(played)(
    '$path, line $line',
    async ({ text, mark }) => {
      const startsLab = /scenario up\b/.test(text);
      if (startsLab) await scenario('down');
      try {
        const failures = await failuresOf(text);
        if (mark === 'run') expect(failures).toEqual([]);
        else expect(failures.map((each) => each[0])).toContain('1');
      } finally {
        if (startsLab) {
          await scenario('down').catch(() => undefined);
          await scenario('up', '--chaos');
        }
      }
    },
    scaled(BLOCK_WITHIN_MS),
  );

  test('a block that is not run says why', () => {
    const silent = blocks.filter(({ mark, reason }) => mark === 'not run' && reason.length < 15);
    expect(silent).toEqual([]);
    expect(played.length).toBeGreaterThan(10);
  });

  test('caught: a command that does not exist fails its block', async () => {
    expect(await failuresOf('true\n./scenario rnu saga-happy-path')).toMatchObject([
      expect.stringMatching(/^2 /),
    ]);
  });
});

const helps = new Map<string, Promise<string>>();

/** What `--help` prints of a subcommand; of an unknown one, that it is unknown. */
function helpOf(words: string[]): Promise<string> {
  const key = words.join(' ');
  const known = helps.get(key);
  if (known !== undefined) return known;
  const asked = scenario(...words, '--help').then(
    ({ stdout }) => stdout,
    (error: { stderr?: string }) => `unknown: ${error.stderr ?? ''}`,
  );
  helps.set(key, asked);
  return asked;
}

/** The first words of a command that are names of commands; what follows are its arguments. */
function subcommandOf([first = '', second = '']: string[]): string[] {
  const isNested = ['chaos', 'indoubt'].includes(first) && second !== '';
  return isNested ? [first, second] : [first];
}

async function unknownIn(path: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const { line, words, options } of cliCommands(path, text)) {
    if (words.length === 0) continue;
    const help = await helpOf(subcommandOf(words));
    const all = `${help}\n${await helpOf([])}`;
    const wrong = options.filter((option) => !new RegExp(`${option}\\b`).test(all));
    if (help.startsWith('unknown')) found.push(`${path}:${line} scenario ${words.join(' ')}`);
    found.push(...wrong.map((option) => `${path}:${line} scenario ${words.join(' ')} ${option}`));
  }
  return found;
}

test('caught: a command or an option that the CLI does not have', async () => {
  const text =
    'Type `./scenario rnu x` or `scenario run x --sede 7`, not `scenario run x --seed 7`.';
  expect(await unknownIn('a.md', text)).toEqual([
    'a.md:1 scenario rnu x',
    'a.md:1 scenario run x --sede',
  ]);
});

test(
  'every command and option that a document names is one that the CLI has',
  async () => {
    const found = await Promise.all(files.map(({ path, text }) => unknownIn(path, text)));
    expect(found.flat()).toEqual([]);
  },
  scaled(BLOCK_WITHIN_MS),
);
