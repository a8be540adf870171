import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labForScenario, metricsTargets } from '@indoubt/lab';
import { beforeAll, expect, onTestFinished, type TestContext, test } from 'vitest';
import { type DocumentedMetric, documentedMetrics } from '../architecture/named-metrics.ts';
import { bringDebian } from './bring-debian.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { type OpenPrometheus, openPrometheus } from './open-prometheus.ts';
import { root, sharedServers } from './shared-servers.ts';

type Operator = ReturnType<typeof labForScenario>['lab'];

const servers = sharedServers();
const DEPLOY = join(root, 'deploy', 'prometheus');
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const KETTLES = { customerId: 'carol', lines: [{ sku: 'kettle', quantity: 1 }] };

let prometheus: string | null = null;
let promtool: string | null = null;
beforeAll(async () => {
  prometheus = await bringDebian(['prometheus'], 'prometheus');
  if (prometheus !== null) promtool = await bringDebian(['prometheus'], 'promtool');
});

/** The path of the program. Without it the test is skipped; the reason is already on stderr. */
function needed(program: string | null, { skip }: Pick<TestContext, 'skip'>): string {
  return program ?? skip('Prometheus is not on this machine and cannot be installed');
}

/** Runs promtool. @returns its output, and whether it found no fault */
async function check(program: string, args: string[], input = '') {
  return new Promise<{ ok: boolean; said: string }>((resolve) => {
    const child = execFile(program, args, (error, stdout, stderr) =>
      resolve({ ok: error === null, said: `${stdout}${stderr}`.trim() }),
    );
    child.stdin?.end(input);
  });
}

const SOUND = { ok: true };

test('promtool accepts rules and configurations, and the rule tests pass', async (context) => {
  const program = needed(promtool, context);
  const file = (name: string) => join(DEPLOY, name);
  expect(await check(program, ['check', 'rules', file('alerts.yml')])).toMatchObject(SOUND);
  for (const name of ['prometheus.yml', 'native.yml']) {
    expect(await check(program, ['check', 'config', file(name)])).toMatchObject(SOUND);
  }
  expect(await check(program, ['test', 'rules', file('alerts.test.yml')])).toMatchObject(SOUND);
});

test.for([
  ['an alert that never fires', '> 10', '> 1000'],
  ['an alert that fires without a fault', '_pending_seconds > 5', '_pending_seconds >= 0'],
  ['a collector that always fails', '_errors_total[30s]) > 3', '_errors_total[30s]) > 300'],
  ['errors at a start only', '_errors_total[30s]) > 3', '_errors_total[30s]) > 1'],
] as const)('the tests of the rules catch %s', async ([, sound, broken], context) => {
  const program = needed(promtool, context);
  const folder = await mkdtemp(join(tmpdir(), 'in-doubt-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const rules = await readFile(join(DEPLOY, 'alerts.yml'), 'utf8');
  expect(rules).toContain(sound);
  await writeFile(join(folder, 'alerts.yml'), rules.replace(sound, broken));
  await cp(join(DEPLOY, 'alerts.test.yml'), join(folder, 'alerts.test.yml'));
  const { ok } = await check(program, ['test', 'rules', join(folder, 'alerts.test.yml')]);
  expect(ok).toBe(false);
});

/** The text of /metrics of each process of a lab. */
async function metricsOf({ lab }: OpenLab): Promise<Map<string, string>> {
  const texts = lab.endpoints.services.map(async ({ name, url }): Promise<[string, string]> => {
    const response = await fetch(`${url}/metrics`);
    return [name, await response.text()];
  });
  return new Map(await Promise.all(texts));
}

function servedIn(texts: Iterable<string>): DocumentedMetric[] {
  const lines = [...texts].flatMap((text) => [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)]);
  return lines.map(([, name = '', type = '']) => ({ name, type }));
}

const written = (metrics: DocumentedMetric[]) =>
  [...new Set(metrics.map(({ name, type }) => `${name} ${type}`))].toSorted();

test('promtool rejects a metric that breaks the naming rules of Prometheus', async (context) => {
  const text = '# HELP orders Orders\n# TYPE orders counter\norders 1\n';
  const { ok, said } = await check(needed(promtool, context), ['check', 'metrics'], text);
  expect({ ok, said }).toMatchObject({ ok: false, said: expect.stringContaining('_total') });
});

test('the check finds an undocumented metric and a metric of another type', () => {
  const served = servedIn(['# TYPE a_total counter\na_total 1\n# TYPE b gauge\n']);
  const documented = documentedMetrics('| `a_total` | gauge | – | all | text |');
  expect(written(served)).toEqual(['a_total counter', 'b gauge']);
  expect(written(documented)).toEqual(['a_total gauge']);
});

/** On a busy machine a scrape may fail for a moment: this test ignores these two alerts. */
const isNotOfLoad = (name: string): boolean => !/^(ServiceDown|CollectorFailed) /.test(name);

/** Locks the outbox of inventory during `work`, so that its collector fails and the alert fires. */
async function whileCollectorFails(
  { lab }: OpenLab,
  watching: OpenPrometheus,
  work: () => Promise<void>,
) {
  const locking = await lab.databases.inventory.pool.connect();
  try {
    await locking.query('begin; lock table outbox in access exclusive mode');
    await work();
    await watching.firing((names) => names.includes('CollectorFailed inventory'));
    await locking.query('rollback');
  } finally {
    locking.release(true); // closes the connection, which frees the lock
  }
}

/**
 * Inserts more sagas than the metric counts, which have waited an hour for a release, and a saga
 * that has waited longer, but whose command was retried just now.
 */
async function leaveSagas({ lab }: OpenLab): Promise<void> {
  await lab.databases.order.pool.query(
    `insert into sagas (id, name, key, status, awaiting, attempts, data, started_at, deadline_at)
     select gen_random_uuid(), name, 'left', 'compensating', 'release-stock', 2, '{}',
            clock_timestamp() - case n when 0 then interval '2 h' else interval '1 h' end,
            clock_timestamp() + case n when 0 then interval '9 h' else interval '8 h' end
       from generate_series(0, 10000) as n, (select name from sagas limit 1) as other`,
  );
}

/** Whether this scrape has values of every collector that counts its errors. */
function isCollected(text: string): boolean {
  const all = [...text.matchAll(/^metrics_collector_errors_total(\{.*\})/gm)];
  return all.every(([, labels = '']) => text.includes(`metrics_collector_age_seconds${labels} `));
}

test.each([
  ['no', [], false],
  ['only another', ['b'], false],
  ['this', ['a'], true],
])(
  'a collector has values if the scrape has its age: of %s collector',
  (_whose, aged, expected) => {
    const ages = aged.map((name) => `metrics_collector_age_seconds{collector="${name}"} 0.5\n`);
    const text = ['metrics_collector_errors_total{collector="a"} 1\n', ...ages].join('');
    expect(isCollected(text)).toBe(expected);
  },
);

/** Checks that served and documented metrics are the same, and that promtool accepts them. */
async function checkServed(open: OpenLab, operator: Operator, program: string): Promise<void> {
  const document = await readFile(join(root, 'docs', 'metrics.md'), 'utf8');
  const documented = written(documentedMetrics(document));
  // The first collection from the broker opens a connection, and may miss the first scrape.
  const texts = await operator.eventually('every collector has values', async () => {
    const now = await metricsOf(open);
    return [...now.values()].every(isCollected) ? now : undefined;
  });
  expect(written(servedIn(texts.values()))).toEqual(documented);
  for (const [name, text] of texts) {
    const checked = await check(program, ['check', 'metrics'], text);
    expect({ name, ...checked }).toEqual({ name, ok: true, said: '' });
  }
}

test('the metrics of a real lab are documented, and its alerts fire and clear', async (context) => {
  const program = needed(prometheus, context);
  await using open = await openLab(servers(), { cards: {} });
  const operator = labForScenario(open.lab, 1, context.signal).lab;
  await open.reaches(await open.placeOrder(TEA), 'CONFIRMED');
  await open.reaches(await open.placeOrder(TEA, { coordination: '2pc' }), 'CONFIRMED');
  await open.reaches(await open.placeOrder(KETTLES), 'REJECTED');

  await checkServed(open, operator, needed(promtool, context));
  const targets = metricsTargets(open.lab.endpoints);
  await using watching = await openPrometheus(program, targets);
  await watching.becomes('count(up == 1)', ([seen]) => seen === targets.length);
  expect(await watching.query('sum(orders_ended_total)')).toEqual([3]);
  expect((await watching.alerts()).filter(({ state }) => state === 'firing')).toEqual([]);

  // A participant is away, so its saga waits, and no outbox is the reason. Another database has an
  // orphaned prepared transaction.
  await operator.leaveOrphan({ owner: 'inventory', gid: 'stock-import-7', sku: 'mug' });
  open.lab.services.pause('payment');
  const waiting = await open.placeOrder(TEA);
  const whileAway = await watching.firing((names) => names.includes('SagaStuck order'));
  expect(whileAway).toContain('ServiceDown payment');
  expect(whileAway.filter(isNotOfLoad)).toEqual([
    'PreparedTransactionOrphaned inventory',
    'SagaStuck order',
  ]);
  open.lab.services.resume('payment');
  await operator.resolve('stock-import-7', 'abort');
  await open.reaches(waiting, 'CONFIRMED');

  open.lab.services.pause('relay-order');
  const unsent = await open.placeOrder(TEA);
  await whileCollectorFails(open, watching, async () => {
    const whileUnsent = await watching.firing((names) => names.includes('OutboxOld order'));
    expect(whileUnsent).toContain('ServiceDown relay-order');
    expect(whileUnsent).not.toContain('PreparedTransactionOrphaned inventory');
  });
  open.lab.services.resume('relay-order');
  await open.reaches(unsent, 'CONFIRMED');
  // CollectorFailed stays for 30 s more: alerts.test.yml shows how it clears.
  await watching.firing((names) => names.every((name) => name === 'CollectorFailed inventory'));

  await leaveSagas(open);
  const oldest = 'max(saga_oldest_open_seconds{awaiting="release-stock"}) >= bool 7200';
  await watching.becomes(oldest, ([isRight]) => isRight === 1);
});
