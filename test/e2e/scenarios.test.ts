import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadScenario } from '@indoubt/lab';
import { beforeAll, describe, expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';

/** What `scenario run --all --json` promises in docs/json.md, as far as this test reads it. */
interface Run {
  scenario: string;
  coordination: string;
  seed: number;
  verdict: string;
  durationMs: number;
  problem: string | null;
  invariants: { id: string; title: string; holds: boolean; detail: string }[];
  expectations: { title: string; holds: boolean }[];
  orders: { id: string; status: string; reason: string | null }[];
  timeline: { atMs: number; process: string; event: string; text: string }[];
  traceIds: string[];
  runDir: string;
  endpoints: { services: { name: string; url: string; pid: number }[]; brokers: string[] };
}

const OURS = [
  'order',
  'payment',
  'inventory',
  'coordinator',
  'relay-order',
  'relay-payment',
  'relay-inventory',
];

/** Time for one story, including its share of the start of the servers. */
const STORY_WITHIN_MS = 15_000;
const STORIES_MAX = 60;

const root = join(import.meta.dirname, '..', '..');
let runs: Run[];
let verdict: string;

beforeAll(async () => {
  ({ runs, verdict } = await scenario('run', '--all', '--json', '--seed', '42'));
}, STORIES_MAX * scaled(STORY_WITHIN_MS));

async function scenario(...args: string[]): Promise<{ runs: Run[]; verdict: string }> {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(join(root, 'scenario'), args, options);
  return JSON.parse(stdout) as { runs: Run[]; verdict: string };
}

const run = (name: string): Run => {
  const found = runs.find(({ scenario }) => scenario === name);
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
};

test('every scenario holds, from the command that a newcomer types', async () => {
  const folders = await readdir(join(root, 'scenarios'), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules');
  // A story with a mistake is played here without the mistake. variants.test.ts plays it with the
  // mistake.
  const played = names.map(({ name }) => name.replace(/^naive-/, 'repaired-'));
  expect(runs.map(({ scenario }) => scenario).toSorted()).toEqual(played.toSorted());
  expect(runs.filter((each) => each.verdict !== 'holds')).toEqual([]);
  expect(verdict).toBe('holds');
});

test('every run checked every invariant, and has its story and its traces', async () => {
  const explained = await readFile(join(root, 'docs', 'invariants.md'), 'utf8');
  const invariants = [...explained.matchAll(/^## (INV-\d+)\. /gm)].map(([, id]) => id);
  for (const each of runs) {
    const { coordinations, cards, world } = await loadScenario(root, each.scenario);
    const [coordination] = coordinations;
    expect(each).toMatchObject({ coordination, seed: 42, problem: null });
    expect(each.invariants.map(({ id }) => id)).toEqual(invariants);
    expect(each.timeline.length).toBeGreaterThan(5);
    expect(each.traceIds).toHaveLength(each.orders.length);
    const paysByCard = world?.customers?.some(({ card }) => card !== undefined) ?? false;
    const more = cards !== undefined || paysByCard ? ['card-processor'] : [];
    const names = each.endpoints.services.map(({ name }) => name);
    expect(names.toSorted()).toEqual([...OURS, ...more].toSorted());
  }
});

test(
  'a story for both protocols holds by 2PC, too',
  async () => {
    const loaded = await Promise.all(runs.map((each) => loadScenario(root, each.scenario)));
    const both = loaded.filter(({ coordinations }) => coordinations.length > 1);
    const names = both.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(3);
    const other = await scenario(
      'run',
      ...names,
      '--json',
      '--seed',
      '42',
      '--coordination',
      '2pc',
    );
    expect(other.runs.filter((each) => each.verdict !== 'holds')).toEqual([]);
    expect(new Set(other.runs.map(({ coordination }) => coordination))).toEqual(new Set(['2pc']));
  },
  STORIES_MAX * scaled(STORY_WITHIN_MS),
);

test('nothing is left running', () => {
  const pids = runs.flatMap((each) => each.endpoints.services.map(({ pid }) => pid));
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

describe('the result of single scenarios', () => {
  const events = (name: string) => run(name).timeline.map(({ event }) => event);

  test('saga-compensation: declined, released, rejected with the reason', () => {
    const { orders, timeline } = run('saga-compensation');
    expect(orders).toMatchObject([{ status: 'REJECTED', reason: 'payment-declined' }]);
    expect(timeline.some(({ text }) => text.includes('compensation release-stock done'))).toBe(
      true,
    );
  });

  test('saga-out-of-stock: rejected, and nothing compensated', () => {
    const { orders, timeline } = run('saga-out-of-stock');
    expect(orders).toMatchObject([{ status: 'REJECTED', reason: 'insufficient-stock' }]);
    expect(timeline.filter(({ text }) => text.includes('release-stock'))).toEqual([]);
  });

  test.each(['saga-participant-crash', 'saga-orchestrator-crash', 'relay-crash'])(
    '%s: the process was really killed, and another took its place',
    (name) => {
      expect(events(name)).toEqual(expect.arrayContaining(['failpoint-hit', 'process-killed']));
      expect(run(name).orders.map(({ status }) => status)).toContain('CONFIRMED');
    },
  );

  test('saga-happy-path: the same seed draws the same order', () => {
    const statuses = run('saga-happy-path').orders.map(({ status }) => status);
    expect(statuses).toEqual(['CONFIRMED', 'CONFIRMED']);
  });
});
