import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InvariantId } from '@indoubt/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { root, sharedServers } from './shared-servers.ts';

/**
 * An edit that removes a guarantee from the code, and the invariant that must then be broken in a
 * scenario.
 */
interface Unplugged {
  what: string;
  scenario: string;
  file: string;
  from: string;
  to: string;
  breaks: InvariantId;
}

/**
 * A row of the exercise in README.md: the change, the scenario to run, and the expected verdict.
 */
const ROW = new RegExp(
  [
    '^\\| \\[.+\\]\\((?<file>.+)\\) \\| `(?<from>.+)` \\| `(?<to>.+)`',
    ' \\| (?<scenario>\\S+) \\| (?<breaks>INV-\\d+) is broken \\|$',
  ].join(''),
  'gm',
);
const FRONT_PAGE = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(ROW)].map(
  ({ groups }) => ({ what: `README.md: ${groups?.['file']}`, ...groups }) as Unplugged,
);

const VARIANTS: Unplugged[] = [
  ...FRONT_PAGE,
  {
    what: 'outbox: a row is marked before it is published',
    scenario: 'relay-crash',
    file: 'libs/patterns/outbox/src/relay-once.ts',
    from: 'const spans = rows.map((row) => waited(row, takenAt));',
    to: `rows.forEach((row) => sent(row, takenAt));
         await outbox.markPublished(rows.map((row) => row.id));
         await failpoint('published-not-marked');
         const spans = rows.map((row) => waited(row, takenAt));`,
    breaks: 'INV-7',
  },
  {
    what: 'compensation: release-stock answers done and releases nothing',
    scenario: 'saga-compensation',
    file: 'services/inventory/src/release-stock.ts',
    from: 'giveBackStock(tx, orderId);',
    to: '',
    breaks: 'INV-4',
  },
  {
    what: 'decision log: a decision is sent and never written',
    scenario: '2pc-commit',
    file: 'libs/patterns/two-phase-commit/src/coordinator/decision-log-store.ts',
    from: 'fenced(insertDecided(read, epoch, transaction)),',
    to: 'fenced(Promise.resolve([transaction])),',
    breaks: 'INV-11',
  },
  {
    what: 'decision log: a decision is sent before it is written',
    scenario: '2pc-coordinator-crash-before-decision',
    file: 'libs/patterns/two-phase-commit/src/coordinator/run-transaction.ts',
    from: "if (decides && next.log?.kind === 'decided') await failpoint(",
    to: `const early = decides ? next.send : [];
         await Promise.all(early.map(({ to, command }) => deliver(run, to, command)));
         if (decides && next.log?.kind === 'decided') await failpoint(`,
    breaks: 'INV-11',
  },
  {
    what: 'presumption: a transaction without a row in the log counts as committed',
    scenario: '2pc-coordinator-crash-before-decision',
    file: 'libs/patterns/two-phase-commit/src/coordinator/coordinator.ts',
    from: "return { decision: 'abort', traceparent: logged?.traceparent ?? null };",
    to: "return { decision: 'commit', traceparent: logged?.traceparent ?? null };",
    breaks: 'INV-11',
  },
  {
    what: 'recovery: a participant aborts branches in doubt without a request to the coordinator',
    scenario: '2pc-participant-crash-after-vote',
    file: 'libs/patterns/two-phase-commit/src/participant/recover-branches.ts',
    from: 'answer = await requestDecision(id);',
    to: "answer = { decision: 'abort', traceparent: null };",
    breaks: 'INV-3',
  },
  {
    what: 'vote: a branch votes yes and is committed at once',
    scenario: '2pc-abort',
    file: 'libs/platform/database/src/prepared.ts',
    from: "return wrote ? prepare : 'COMMIT';",
    to: "return 'COMMIT';",
    breaks: 'INV-11',
  },
];

const servers = sharedServers();

test('README.md lists three changes that each remove a pattern', () => {
  expect(FRONT_PAGE.map(({ scenario }) => scenario)).toEqual([
    'saga-participant-crash',
    'relay-crash',
    'saga-compensation',
  ]);
});

/**
 * All tests share one copy, so that later runs use the code that Node compiled for the first run.
 */
let copyDir: string;
beforeAll(async () => {
  copyDir = await copyOfCode();
});
afterAll(() => rm(copyDir, { recursive: true, force: true }));

// scenarios.test.ts plays each of these stories in the checkout. This control shows that a copy of
// the code plays as the checkout does.
test('control: saga-compensation holds in a copy of the code as it is', async () => {
  const { verdict, invariants } = await run('saga-compensation');
  expect(invariants.filter(({ holds }) => !holds)).toEqual([]);
  expect(verdict).toBe('holds');
});

test.each(VARIANTS)('$what: $scenario is broken, $breaks', async (variant) => {
  const { verdict, invariants } = await edited(variant, () => run(variant.scenario));
  expect(verdict).toBe('broken');
  const broken = invariants.filter(({ holds }) => !holds);
  expect(broken.map(({ id }) => id)).toContain(variant.breaks);
});

/** The scenario and the checkers are those of the checkout. The services run from the copy. */
async function run(name: string) {
  const { result } = await playScenario(name, { infrastructure: servers(), root: copyDir });
  return result;
}

/**
 * A copy of libs and services is complete, since packages refer to each other by relative links.
 * Other folders are linked.
 */
async function copyOfCode(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'in-doubt-unplugged-'));
  const copies = ['libs', 'services', 'package.json', 'pnpm-lock.yaml'].map((name) =>
    cp(join(root, name), join(dir, name), { recursive: true, verbatimSymlinks: true }),
  );
  await mkdir(join(dir, '.lab'));
  await mkdir(join(root, '.lab', 'cache'), { recursive: true });
  const links = ['node_modules', '.lab/cache'].map((name) =>
    symlink(join(root, name), join(dir, name)),
  );
  await Promise.all([...copies, ...links]);
  return dir;
}

/** Does `work` while the copy is edited. */
async function edited<T>({ file, from, to }: Unplugged, work: () => Promise<T>): Promise<T> {
  const path = join(copyDir, file);
  const text = await readFile(path, 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2)
    throw new Error(`"${from}" must occur exactly once in ${file}: adapt this test to the code`);
  await writeFile(path, parts.join(to));
  try {
    return await work();
  } finally {
    await writeFile(path, text);
  }
}
