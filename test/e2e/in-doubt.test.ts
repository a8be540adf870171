import { labForScenario } from '@indoubt/lab';
import { beforeAll, describe, expect, test } from 'vitest';
import { type OpenLab, openLab, sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] };
const ORPHAN = { owner: 'inventory', gid: 'stock-import-7', sku: 'mug' } as const;

/** A lab whose coordinator crashes once at this failpoint, and stays dead until a restart. */
function openWithCrash(
  failpoint: 'coordinator:decided-not-sent' | 'coordinator:voted-not-decided',
) {
  const chaos = { rules: `${failpoint}=crash@1` };
  return openLab(servers(), { coordination: '2pc', chaos, leftDead: ['coordinator'] });
}

/** The commands of an operator, as a scenario has them. */
function operatorOf({ lab }: OpenLab) {
  return labForScenario(lab, 1, new AbortController().signal).lab;
}

type Operator = ReturnType<typeof operatorOf>;

/** Waits (bounded) until this many sessions are blocked behind one prepared transaction. */
function blocking(operator: Operator, sessions: number) {
  return operator.eventually(`${sessions} sessions blocked`, async () =>
    (await operator.inDoubt()).find(({ blocked }) => blocked.length === sessions),
  );
}

const locksOf = ({ locked }: Awaited<ReturnType<Operator['inDoubt']>>[number], name: string) =>
  locked.find(({ table }) => table === name);

test('the in-doubt list shows branches, locks, blocked sessions and the decision', async () => {
  await using open = await openWithCrash('coordinator:decided-not-sent');
  const operator = operatorOf(open);
  const placing = open.placeOrder(TEA);
  await open.lab.services.died('coordinator');
  const list = await operator.inDoubt();
  expect(list).toMatchObject(
    ['order', 'payment', 'inventory'].map((owner) => ({ owner, decision: 'commit', blocked: [] })),
  );
  const stock = { table: 'stock', wrote: true, count: 1, rows: [{ sku: 'tea' }] };
  expect(list.map((branch) => locksOf(branch, 'stock'))).toEqual([undefined, undefined, stock]);
  const { pool } = open.lab.databases.inventory;
  const writing = pool.query("update stock set available = available where sku = 'tea'");
  await blocking(operator, 1);
  const saga = await open.placeOrder(TEA, { coordination: 'saga' });
  const { gid, transactionId, blocked } = await blocking(operator, 2);
  const [first, second] = blocked;
  expect(first).toMatchObject({ name: expect.stringMatching(/^lab /), behind: [] });
  expect(first?.query).toMatch(/^update stock set available = available/);
  expect(second).toMatchObject({ name: 'inventory', waitsFor: 'a row of stock' });
  expect(second?.behind).toEqual([first?.pid]);

  const resolution = await operator.resolve(gid, 'abort');
  expect(resolution).toMatchObject({ decision: 'abort', log: 'commit', damage: true });
  await writing;
  await open.lab.services.restart('coordinator');
  const orderId = await placing;
  expect(orderId).toBe(transactionId);
  expect(await open.event(({ event }) => event === 'heuristic-decision')).toMatchObject({
    process: 'operator',
    gid,
    owner: 'inventory',
    decision: 'abort',
    orderId,
  });
  await open.event(({ event, process }) => event === 'heuristic-damage' && process === 'inventory');
  await open.reaches(orderId, 'CONFIRMED');
  await open.reaches(saga, 'CONFIRMED');
  expect((await open.broken()).map(({ id }) => id)).toEqual(['INV-3', 'INV-11']);
  expect(await operator.inDoubt()).toEqual([]);
});

test('without a decision an abort is presumed, so a commit by an operator is damage', async () => {
  await using open = await openWithCrash('coordinator:voted-not-decided');
  const operator = operatorOf(open);
  const placing = open.placeOrder(TEA);
  await open.lab.services.died('coordinator');
  const list = await operator.inDoubt();
  expect(list.map(({ decision }) => decision)).toEqual(Array(3).fill('presumed-abort'));
  const gidOf = (service: string) => list.find(({ owner }) => owner === service)?.gid ?? '';
  const right = await operator.resolve(gidOf('inventory'), 'abort');
  expect(right).toMatchObject({ owner: 'inventory', log: 'presumed-abort', damage: false });
  const { rows } = await open.lab.databases.inventory.pool.query('select outcome from branches');
  expect(rows).toEqual([{ outcome: 'aborted' }]);
  const wrong = await operator.resolve(gidOf('payment'), 'commit');
  expect(wrong).toMatchObject({ owner: 'payment', log: 'presumed-abort', damage: true });
  await open.lab.services.restart('coordinator');
  await open.reaches(await placing, 'REJECTED');
  const broken = (await open.broken()).find(({ id }) => id === 'INV-11');
  const byHand = broken?.violations.filter(({ kind }) => kind.startsWith('operator-'));
  expect(byHand).toMatchObject([
    { kind: 'operator-without-decision', about: { gid: gidOf('payment') } },
  ]);
});

const ODD_TABLES = `
  create table "Odd ""one""" ("the Key" int, sub text, n int, primary key ("the Key", sub));
  insert into "Odd ""one""" select n, 'it''s', 0 from generate_series(1, 25) n;
  create table keyless (n int);
  insert into keyless values (0)`;

const ODD_ORPHAN = `
  begin;
  update "Odd ""one""" set n = 1;
  delete from keyless;
  prepare transaction 'odd'`;

describe('prepared transactions without a coordinator', () => {
  const open = sharedLab(servers);
  let operator: Operator;

  beforeAll(async () => {
    operator = operatorOf(open());
  });

  test('an orphan is listed, and an operator can end it', async () => {
    await operator.leaveOrphan(ORPHAN);
    const [found] = await operator.inDoubt();
    const stock = { table: 'stock', wrote: true, count: 1, rows: [{ sku: 'mug' }] };
    expect(found).toMatchObject({ gid: ORPHAN.gid, transactionId: null, decision: 'unknown' });
    expect(found?.locked).toEqual([stock]);
    await expect(operator.resolve('stock-import-8', 'abort')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('stock-import-7  (inventory)'),
    });
    const resolution = await operator.resolve(ORPHAN.gid, 'abort');
    expect(resolution).toMatchObject({ transactionId: null, log: 'unknown', damage: null });
    expect(await operator.inDoubt()).toEqual([]);
    expect(await open().broken()).toEqual([]);
  });

  test('an orphan blocks a lock of its table, but not the in-doubt list', async () => {
    await operator.leaveOrphan(ORPHAN);
    const locking = open().lab.databases.inventory.pool.query('begin; lock table stock; rollback');
    const { gid, blocked, locked } = await blocking(operator, 1);
    expect(blocked).toMatchObject([{ waitsFor: 'table stock', behind: [] }]);
    expect(locked).toEqual([{ table: 'stock', wrote: true, count: null, rows: [] }]);
    await operator.resolve(gid, 'commit');
    await locking;
  });

  test('the list shows 20 locked rows and counts all, for tables of any name and key', async () => {
    const { pool } = open().lab.databases.payment;
    await pool.query(ODD_TABLES);
    await pool.query(ODD_ORPHAN);
    const [found] = await operator.inDoubt();
    expect(found?.locked).toMatchObject([
      { table: '"Odd ""one"""', count: 25 },
      { table: 'keyless', count: 1, rows: [{ ctid: '(0,1)' }] },
    ]);
    expect(found?.locked[0]?.rows).toHaveLength(20);
    expect(found?.locked[0]?.rows[0]).toEqual({ 'the Key': 1, sub: "it's" });
    await operator.resolve('odd', 'abort');
  });
});
