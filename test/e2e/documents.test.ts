import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cliCommands, type ShellBlock, shellBlocks } from '../documents/shell-blocks.ts';
import { scaled } from '../runner/slowness.ts';

// Every shell block of these documents is run in this checkout, or says why it is not run. Every
// command and option in them must exist in the CLI.
const root = join(import.meta.dirname, '..', '..');
const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /^(README|CONTRIBUTING|docs\/[^/]+|scenarios\/.+)\.md$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const blocks = files.flatMap(({ path, text }) => shellBlocks(path, text));
const played = blocks.filter(({ mark }) => mark !== 'not run');

const STARTS_LAB = /scenario up\b/;
const DOCUMENT_WITHIN_MS = 120_000;
/**
 * Prints each command that fails, with its exit code, where the test can read it. A request that is
 * refused fails, too.
 */
const PREAMBLE = `
set -Eo pipefail
exec 3>&1 1>&2
trap 'printf "%s %s\n" "$?" "$BASH_COMMAND" >&3' ERR
curl() { command curl --fail-with-body "$@"; }`;

const run = promisify(execFile);
const scenario = (...args: string[]) => run(join(root, 'scenario'), args, { cwd: root });

interface BlockResult {
  line: number;
  mark: ShellBlock['mark'];
  /** The commands that failed, with their exit codes. */
  failures: string[];
}

/** Runs blocks one after another in one shell, as a reader does who follows a document. */
async function runBlocks(all: readonly ShellBlock[]): Promise<BlockResult[]> {
  const parts = all.map((block) => {
    // A checkout can have only one lab up, so the lab of the tests is stopped before a block starts
    // a lab.
    const before = STARTS_LAB.test(block.text) ? './scenario down\n' : '';
    return `printf '@%s\\n' ${block.line} >&3\n${before}${block.text}`;
  });
  const script = [PREAMBLE, ...parts, 'true'].join('\n');
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run('bash', ['-c', script], options);
  const sections = stdout.split(/^@(?=\d)/m).slice(1);
  return all.map(({ line, mark }) => {
    const section = sections.find((each) => Number.parseInt(each, 10) === line);
    const [, ...failures] = section?.split('\n') ?? ['', 'the block was not run'];
    return { line, mark, failures: failures.filter((each) => each !== '') };
  });
}

/** The results that contradict the mark of their block. */
function unexpected(results: readonly BlockResult[]): BlockResult[] {
  return results.filter(({ mark, failures }) =>
    mark === 'run' ? failures.length > 0 : !failures.some((each) => each.startsWith('1 ')),
  );
}

describe('the shell blocks of the documents', () => {
  // With a lab up, stories use its servers and start no others.
  beforeAll(async () => {
    await scenario('up', '--chaos');
  }, scaled(DOCUMENT_WITHIN_MS));
  afterAll(async () => {
    await scenario('down');
  }, scaled(DOCUMENT_WITHIN_MS));

  test.each([...Map.groupBy(played, ({ path }) => path)])(
    'every command of %s does what the document says',
    async (_path, all) => {
      const startsLab = all.some(({ text }) => STARTS_LAB.test(text));
      try {
        expect(unexpected(await runBlocks(all))).toEqual([]);
      } finally {
        if (startsLab) {
          await scenario('down').catch(() => undefined);
          await scenario('up', '--chaos');
        }
      }
    },
    scaled(DOCUMENT_WITHIN_MS),
  );

  test('a block that is marked not run gives a reason', () => {
    const silent = blocks.filter(({ mark, reason }) => mark === 'not run' && reason.length < 15);
    expect(silent).toEqual([]);
    expect(played.length).toBeGreaterThan(10);
  });

  test('the check finds an unknown command, and a block marked broken that holds', async () => {
    const block = { path: 'a.md', reason: '' };
    const results = await runBlocks([
      { ...block, line: 1, mark: 'run', text: 'true\n./scenario rnu saga-happy-path' },
      { ...block, line: 4, mark: 'broken', text: 'true' },
      { ...block, line: 7, mark: 'run', text: 'true' },
    ]);
    expect(unexpected(results)).toEqual([
      { line: 1, mark: 'run', failures: ['2 ./scenario rnu saga-happy-path'] },
      { line: 4, mark: 'broken', failures: [] },
    ]);
  });
});

const helps = new Map<string, Promise<string>>();

/** The output of `--help` of a subcommand. */
function helpOf(words: string[]): Promise<string> {
  const key = words.join(' ');
  const known = helps.get(key);
  if (known !== undefined) return known;
  const help = scenario(...words, '--help').then(({ stdout }) => stdout);
  helps.set(key, help);
  return help;
}

/** The subcommand at the beginning of these words. The other words are its arguments. */
function subcommandOf([first = '', second = '']: string[]): string[] {
  const isNested = ['chaos', 'indoubt'].includes(first) && second !== '';
  return isNested ? [first, second] : [first];
}

async function unknownIn(path: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const { line, words, options } of cliCommands(path, text)) {
    if (words.length === 0) continue;
    const subcommand = subcommandOf(words);
    const help = await helpOf(subcommand);
    const all = `${help}\n${await helpOf([])}`;
    const wrong = options.filter((option) => !new RegExp(`${option}\\b`).test(all));
    const place = `${path}:${line} scenario ${words.join(' ')}`;
    // For an unknown command the CLI prints the help of the whole program.
    if (!help.startsWith(`Usage: scenario ${subcommand.join(' ')} `)) found.push(place);
    found.push(...wrong.map((option) => `${place} ${option}`));
  }
  return found;
}

test('a command or an option that the CLI does not have is found', async () => {
  const text =
    'Type `./scenario rnu x` or `scenario run x --sede 7`, not `scenario run x --seed 7`.';
  expect(await unknownIn('a.md', text)).toEqual([
    'a.md:1 scenario rnu x',
    'a.md:1 scenario run x --sede',
  ]);
});

test(
  'every command and option in a document exists in the CLI',
  async () => {
    const found = await Promise.all(files.map(({ path, text }) => unknownIn(path, text)));
    expect(found.flat()).toEqual([]);
  },
  scaled(DOCUMENT_WITHIN_MS),
);
