import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ReportData, ReportTable } from '@indoubt/lab';
import { type LoadedScenario, loadScenario, runScenario } from '@indoubt/lab';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { runCli } from './run-cli.ts';
import { root, sharedServers } from './shared-servers.ts';

type RunResult = Awaited<ReturnType<typeof runScenario>>['result'];

const PAGE_BYTES_MAX = 5_000_000;
const ORDERS = 200;

const servers = sharedServers();
let saga: RunResult;
let crash: RunResult;
beforeAll(async () => {
  saga = await play(await loadScenario(root, 'saga-compensation'));
  // A run with --keep has its page too.
  crash = await play(await loadScenario(root, '2pc-coordinator-crash-after-decision'), true);
});

async function play(scenario: LoadedScenario, keep = false): Promise<RunResult> {
  const settings = { keep, infrastructure: servers() };
  const { result, reportProblem, kept } = await playScenario(scenario, settings);
  expect(kept !== null).toBe(keep);
  await kept?.stop();
  const { verdict, problem } = result;
  const fine = { verdict: 'holds', problem: null, reportProblem: null };
  expect({ verdict, problem, reportProblem }).toEqual(fine);
  return result;
}

const scenario = (...args: string[]) => runCli(args);

async function dataOf(...runs: string[]): Promise<ReportData> {
  const { code, stdout, stderr } = await scenario('report', ...runs, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { runs: found } = JSON.parse(stdout) as { runs: ReportData[] };
  expect(found).toHaveLength(runs.length);
  const [first] = found;
  if (first === undefined) throw new Error('a document without a run');
  return first;
}

function tableOf(data: ReportData, owner: string, name: string): ReportTable {
  const tables = data.databases.find((database) => database.owner === owner)?.tables ?? [];
  const found = tables.find((table) => table.name === name);
  if (found === undefined) throw new Error(`no table ${name} of ${owner}`);
  return found;
}

const BOTH = ['events', 'spans', 'databases', 'faults', 'checks', 'orders'] as const;

/** The required parts that are missing in a report. */
function missingIn(data: ReportData, more: readonly ('messages' | 'prepared')[]): string[] {
  const lists = [...BOTH, ...more].filter((part) => data[part].length === 0);
  const changed = data.databases.flatMap(({ tables }) => tables.flatMap((t) => t.changes));
  return [
    ...lists,
    ...(data.sequence.steps.length === 0 ? ['sequence'] : []),
    ...(changed.length === 0 ? ['changes'] : []),
    ...(changed.some(({ event }) => event === null) ? ['events of changes'] : []),
    ...(data.spans.every(({ events }) => events.length === 0) ? ['events in spans'] : []),
    ...(data.about === null ? ['about'] : []),
  ];
}

test('the report of saga-compensation has every part and the reserved stock', async () => {
  const data = await dataOf(saga.runDir);
  expect(missingIn(data, ['messages'])).toEqual(['faults']); // no fault: no money
  const { before, changes, after } = tableOf(data, 'inventory', 'stock');
  expect(changes.map(({ row, order }) => [row['held'], order])).toEqual([
    [2, 'A'],
    [0, 'A'],
  ]);
  expect(after).toEqual(before);
  const orders = tableOf(data, 'order', 'orders').changes.map(({ row }) => row['status']);
  expect(orders).toEqual(['PENDING', 'REJECTED']);
  const release = data.messages.find(({ step, topic }) => {
    return step === 'release-stock' && topic === 'inventory.commands';
  });
  expect(release?.places.map(({ place }) => place).toSorted()).toEqual(
    ['outbox', 'kafka', 'received', 'handled'].toSorted(),
  );
  expect(release?.inbox).toMatchObject({ step: 'release-stock' });
});

test('the report of a coordinator crash has the prepared branches and the fault', async () => {
  const data = await dataOf(crash.runDir);
  expect(missingIn(data, ['prepared'])).toEqual([]);
  expect(data.prepared.map(({ owner }) => owner).toSorted()).toEqual([
    'inventory',
    'order',
    'payment',
  ]);
  const at = (id: number | undefined) => data.events.find((event) => event.id === id)?.atMs ?? NaN;
  const [fault] = data.faults;
  for (const { fromMs, untilMs } of data.prepared) {
    expect(fromMs).toBeLessThan(at(fault?.events[0]));
    expect(untilMs).toBeGreaterThan(at(fault?.events[0]));
  }
  expect(fault?.rule).toBe('coordinator:decided-not-sent=crash@1');
  const decision = tableOf(data, 'coordinator', 'transactions').changes[0];
  expect(decision).toMatchObject({ kind: 'added', row: { decision: 'commit' } });
});

test('page and rows of a run are readable by their owner only and have no secrets', async () => {
  const { runDir, report, endpoints } = crash;
  expect(report).toBe(join(runDir, 'report.html'));
  const page = await readFile(join(runDir, 'report.html'), 'utf8');
  const rows = await readFile(join(runDir, 'rows.json'), 'utf8');
  const { password } = new URL(endpoints.databases['order'] ?? '');
  for (const secret of [endpoints.secret, password].filter((text) => text !== '')) {
    expect(page.includes(secret)).toBe(false);
    expect(rows.includes(secret)).toBe(false);
  }
  expect(page.length).toBeLessThan(PAGE_BYTES_MAX);
  for (const name of ['report.html', 'rows.json']) {
    expect((await stat(join(runDir, name))).mode & 0o777).toBe(0o600);
  }
});

test('report writes the page again, or to --out, and puts two runs into one page', async () => {
  const out = await temporary();
  const again = await scenario('report', basename(saga.runDir), '--no-open');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('report.html\nopen it') });
  const both = await scenario('report', saga.runDir, crash.runDir, '--out', join(out, 'both.html'));
  expect(both).toMatchObject({ code: 0, stderr: '' });
  const page = await readFile(join(out, 'both.html'), 'utf8');
  for (const { scenario: name } of [saga, crash]) expect(page).toContain(`"scenario":"${name}"`);
});

test('a run without stored rows has a report without them, and the report says so', async () => {
  const bare = join(await temporary(), 'bare');
  await cp(saga.runDir, bare, { recursive: true });
  await rm(join(bare, 'rows.json'));
  const data = await dataOf(bare);
  expect(data.leftOut).toEqual([expect.stringContaining('were not polled')]);
  // This shows that the checks above would find a report without rows.
  expect(missingIn(data, ['messages'])).toEqual(['databases', 'faults', 'changes']);
});

test.each([
  ['an unknown run', 'rows', '', ['nothing-of-this-name'], 'no run nothing-of-this-name'],
  ['damaged rows', 'rows', '{"version":', [], 'rows.json: it is not JSON'],
  ['a damaged result', 'result', '[]', [], 'result.json: it is not the result of a run'],
  ['a run of the first version', 'result', '{"scenario":"x"}', [], 'stored in version 1; this lab'],
  [
    'an --out that cannot be written',
    'rows',
    null,
    ['--out', '/nowhere/run.html'],
    'could not be written to',
  ],
])('report exits with 2 and a next step for %s', async (_what, file, text, args, message) => {
  const damaged = join(await temporary(), 'run');
  await cp(saga.runDir, damaged, { recursive: true });
  if (text !== null) await writeFile(join(damaged, `${file}.json`), text);
  const isOther = args.length === 1;
  const { code, stderr } = await scenario('report', ...(isOther ? args : [damaged, ...args]));
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain('Next: ');
});

test(`a page of ${ORDERS} orders has under 5 MB and says which orders it leaves out`, async () => {
  const result = await play(twoHundred());
  expect(result.orders).toHaveLength(ORDERS);
  const { size } = await stat(join(result.runDir, 'report.html'));
  expect(size).toBeLessThan(PAGE_BYTES_MAX);
  const data = await dataOf(result.runDir);
  expect(data.orders.length).toBeGreaterThan(10);
  expect(data.leftOut[0]).toContain(`Of ${ORDERS} orders, ${data.orders.length} are shown in full`);
  expect(missingIn(data, ['messages'])).toEqual(['faults', 'about']);
});

/** Twenty clients. Each places its next order as soon as the last is decided. */
function twoHundred(): LoadedScenario {
  const tea = { sku: 'tea', name: 'Tea', unitPriceCents: 100, stock: 10_000 };
  const alice = { id: 'alice', name: 'Alice', balanceCents: 10_000_000, creditLimitCents: 0 };
  return {
    name: 'two-hundred-orders',
    group: 'Saga',
    fault: 'none',
    teaches: 'how large a page gets',
    coordinations: ['saga'],
    steps: ['Two hundred orders.'],
    rules: [],
    invariants: ['INV-1'],
    adrs: [],
    world: { products: [tea], customers: [alice] },
    async run(lab) {
      let placed = 0;
      const client = async (): Promise<void> => {
        while (placed < ORDERS) {
          placed += 1;
          const lines = [{ sku: 'tea', quantity: 1 }];
          const id = await lab.placeOrder({ customerId: 'alice', lines });
          await lab.reaches(id, 'CONFIRMED');
        }
      };
      await Promise.all(Array.from({ length: 20 }, client));
    },
  };
}

async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'in-doubt-report-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}
