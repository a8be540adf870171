import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bringMermaid, type Mermaid } from './bring-mermaid.ts';
import { runCli } from './run-cli.ts';
import { root } from './shared-servers.ts';

/** The record of a run of 2pc-coordinator-crash-after-decision. */
const RECORDED = join(root, 'libs', 'lab', 'src', 'views', 'sequence', 'recorded-crash.jsonl');
const RESULT = {
  version: 2,
  scenario: '2pc-coordinator-crash',
  coordination: '2pc',
  seed: 1,
  verdict: 'holds',
  durationMs: 1_200,
  invariants: [],
  expectations: [],
  comparison: null,
  orders: [],
  problem: null,
  again: './scenario run 2pc-coordinator-crash --seed 1',
  faults: [],
  report: null,
};
/** The end of an orphan: a prepared transaction of which no order is known. */
const BY_HAND = {
  kind: 'event',
  process: 'operator',
  pid: 1,
  at: 1_750_000_009_000,
  event: 'heuristic-decision',
  gid: 'stock-import-7',
  owner: 'inventory',
  decision: 'abort',
};
// Text with the syntax of Mermaid and a line break.
const NASTY = 'end; Note over #35; %%{init}%% <br/> $$x$$ a->>b: \n loop';

let run: string;
let mermaid: Mermaid | null;
beforeAll(async () => {
  run = await mkdtemp(join(tmpdir(), 'in-doubt-run-'));
  await mkdir(join(run, 'record'));
  const file = join(run, 'record', 'all.jsonl');
  await cp(RECORDED, file);
  await appendFile(file, `${JSON.stringify(BY_HAND)}\n`);
  await writeFile(join(run, 'result.json'), JSON.stringify(RESULT));
  mermaid = await bringMermaid();
  return () => rm(run, { recursive: true });
});

function real(): Mermaid {
  if (mermaid === null) throw new Error('the test should have been skipped');
  return mermaid;
}

const scenario = (...args: string[]) => runCli(args, { cwd: tmpdir() });

async function diagram(...args: string[]): Promise<string> {
  const { code, stdout } = await scenario('diagram', run, ...args);
  expect(code).toBe(0);
  const [, text = ''] = /^```mermaid\n(.*)```\n$/s.exec(stdout) ?? [];
  return text;
}

test('diagram prints text that Mermaid reads as a sequence with all steps of the run', async ({
  skip,
}) => {
  skip(mermaid === null, 'Mermaid is missing: npm could not fetch it');
  const { parse, mermaidAPI } = real();
  const text = await diagram();
  await expect(parse(text)).resolves.toMatchObject({ diagramType: 'sequence' });
  const { db } = await mermaidAPI.getDiagramFromText(text);
  expect(db.getActorKeys()).toContain('coordinator_db');
  const messages = db.getMessages().map(({ message }) => String(message));
  expect(db.getActorKeys()).not.toContain('');
  expect(messages).toContainEqual(
    expect.stringContaining('heuristic decision: rolls stock-import-7'),
  );
  expect(messages).toContainEqual(expect.stringContaining('◐ votes yes: prepared'));
  expect(messages).toContainEqual(
    expect.stringContaining('✗ killed at coordinator:decided-not-sent'),
  );
  const { stdout } = await scenario('diagram', run, '--json', '--order', 'A');
  const { steps, lifelines } = JSON.parse(stdout);
  expect(lifelines.map(({ id }: { id: string }) => id.replace('-', '_'))).toEqual(
    db.getActorKeys(),
  );
  // Mermaid stores the numbering as one more message.
  expect(messages).toHaveLength(steps.length + 1);
});

test('diagram escapes the name of a customer that contains the syntax of Mermaid', async ({
  skip,
}) => {
  skip(mermaid === null, 'Mermaid is missing: npm could not fetch it');
  const { parse, mermaidAPI } = real();
  const whole = await diagram();
  const file = join(run, 'record', 'all.jsonl');
  const original = await readFile(file, 'utf8');
  await writeFile(file, original.replaceAll('"alice"', JSON.stringify(NASTY)));
  const nasty = await diagram();
  await writeFile(file, original);
  await expect(parse(nasty)).resolves.toMatchObject({ diagramType: 'sequence' });
  const messagesOf = async (text: string) =>
    (await mermaidAPI.getDiagramFromText(text)).db.getMessages().length;
  expect(await messagesOf(nasty)).toBe(await messagesOf(whole));
  await expect(parse(whole.replace('alice', NASTY))).rejects.toThrow(/Parse error/);
});

test('trace prints the tree within 100 columns, and without colour in a pipe', async () => {
  const { code, stdout } = await scenario('trace', run, '--order', 'A');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^trace \w{32} · order A · \d+ spans in .*, 2 died\n/);
  expect(stdout).toMatch(/coordinator +│ └ ✗ POST \/transactions: died here\n/);
  const widths = stdout.split('\n').map(({ length }) => length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(100);
});

test.each(['diagram', 'trace'])(
  '%s exits with 2 for an unknown run, an unknown order and a damaged run',
  async (name) => {
    const unknown = await scenario(name, 'no-such-run');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/no run no-such-run\.\nNext: /);
    const noOrder = await scenario(name, run, '--order', 'Z');
    expect(noOrder).toMatchObject({ code: 2, stderr: 'scenario: no order Z: this run has A.\n' });
    const damaged = join(run, 'damaged');
    await cp(join(run, 'result.json'), join(damaged, 'result.json'));
    const failed = await scenario(name, damaged);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringMatching(/damaged.*\nNext: /) });
  },
);
