import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { runCli } from './run-cli.ts';

const STORM = 'storm --infra native --seed 7 --duration 8s --rate 15';
/** The time to start servers, for a storm of 8 s, until the lab is quiet, and for the checks. */
const WITHIN_MS = scaled(240_000);

interface Storm {
  verdict: string;
  seed: number;
  counts: Record<string, number>;
  invariants: { id: string; holds: boolean }[];
  steps: { atMs: number; what: string }[];
  problem: string | null;
  runDir: string;
  scheduleFile: string;
  repeat: string;
  shrunk: { steps: number; tries: number; scheduleFile: string } | null;
}

const scenario = (args: string, env: Record<string, string> = {}) =>
  runCli(args.split(' '), { env });

async function storm(args: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await scenario(`${args} --json`, env);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Storm) };
}

const brokenIn = ({ invariants }: Storm) => invariants.filter(({ holds }) => !holds);
const stepsIn = ({ steps }: Storm) => steps.map(({ atMs, what }) => ({ atMs, what }));

test(
  'a short storm holds, and its schedule replays the same steps',
  async () => {
    const first = await storm(STORM);
    expect(brokenIn(first)).toEqual([]);
    expect(first).toMatchObject({ code: 0, verdict: 'holds', seed: 7, problem: null });
    for (const [what, count] of Object.entries(first.counts)) {
      expect({ what, isNone: count === 0 && what !== 'unknown' }).toEqual({ what, isNone: false });
    }
    const schedule = JSON.parse(await readFile(first.scheduleFile, 'utf8'));
    expect(schedule.steps).toHaveLength(first.steps.length);
    const again = await storm(first.repeat.replace('./scenario ', ''));
    expect(again).toMatchObject({ code: 0, verdict: 'holds', seed: 7 });
    expect(stepsIn(again)).toEqual(stepsIn(first));
    expect(JSON.parse(await readFile(again.scheduleFile, 'utf8'))).toEqual(schedule);
  },
  2 * WITHIN_MS,
);

/** A schedule of two steps. For a lab without an inbox the second step is enough to break. */
const SMALL = {
  seed: 7,
  durationMs: 4_000,
  rate: 15,
  coordination: 'saga',
  chaos: '',
  steps: [
    { atMs: 100, kind: 'pause', process: 'coordinator', forMs: 200 },
    { atMs: 200, kind: 'arm', rules: 'inventory.commands=duplicate(p=0.5)' },
  ],
};

test(
  'a storm finds a broken variant in seconds and shrinks to the steps that matter',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'storm-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const file = join(dir, 'schedule.json');
    await writeFile(file, JSON.stringify(SMALL));
    const CHAOS_VARIANT = 'no-inbox';
    const found = await storm(`storm --infra native --replay ${file} --shrink`, { CHAOS_VARIANT });
    expect(found).toMatchObject({ code: 1, verdict: 'broken' });
    expect(brokenIn(found).map(({ id }) => id)).toContain('INV-6');
    const { steps } = JSON.parse(await readFile(found.shrunk?.scheduleFile ?? '', 'utf8'));
    // On a slow machine no step is needed: a saga's retried command is a redelivery too.
    expect(SMALL.steps.slice(1)).toEqual(expect.arrayContaining(steps));
  },
  2 * WITHIN_MS,
);

test.each([
  ['storm --replay nowhere.json', /cannot read the schedule nowhere\.json: ENOENT/],
  ['storm --replay nowhere.json --seed 5', /--seed cannot be combined with --replay/],
  ['storm --duration 5', /The value must be a duration up to 60m, such as 60s/],
  ['storm --rate 0', /The value must be a number above 0, up to 200/],
  ['storm --coordination both', /The value must be one of saga, 2pc, all/],
])('%s prints an error and starts nothing', async (args, message) => {
  const { code, stdout, stderr } = await scenario(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
