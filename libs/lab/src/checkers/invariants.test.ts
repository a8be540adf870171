import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthySnapshot, snapshotOf } from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { GOODS, type Story } from '../evidence/snapshot/healthy-story.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { checkAll, INVARIANTS } from './invariants.ts';

test('all invariants hold in a healthy lab, and each says what was compared', () => {
  expect(checkAll(healthySnapshot()).map(({ id, holds, detail }) => [id, holds, detail])).toEqual([
    ['INV-1', true, '4 accounts: 266.80 opening = 157.00 left + 109.80 captured'],
    ['INV-2', true, '6 skus: 8 opening = 3 available + 5 held'],
    [
      'INV-3',
      true,
      '5 CONFIRMED orders: each paid once, each line held, where there is anything to pay or hold',
    ],
    ['INV-4', true, '3 REJECTED orders: nothing captured, nothing held'],
    ['INV-5', true, '8 orders accepted, and all of them exist; 17 answers agree with the rows'],
    [
      'INV-6',
      true,
      '19 messages with 3 repeats: 8 inbox rows, 6 committed branches, one effect each',
    ],
    ['INV-7', true, '18 outbox rows, 19 messages on the topics: all matched'],
    ['INV-8', true, '11 sequences of messages (one for each order and topic): as written'],
    [
      'INV-9',
      true,
      '8 orders and 4 sagas ended, nothing prepared, 18 outbox rows published, no dead letter',
    ],
    ['INV-10', true, '4 sagas: 2 completed, 2 compensated, as their orders say'],
    ['INV-11', true, '4 transactions: 3 committed (1 in one phase), 1 aborted, no branch differs'],
    ['INV-12', true, '3 skus with 12 events: one sequence fits all answers'],
    ['INV-13', true, '19 messages on the topics, handled 19 times'],
    ['INV-14', true, '8 keys: 8 orders, 1 answer replayed'],
    ['INV-15', true, '2 charges: 2 captured (39.60), none held, as in the records of payment'],
  ]);
});

test('all invariants hold in an empty lab', () => {
  const tables = Object.keys(healthySnapshot()).map((table) => [table, []]);
  const empty = { ...Object.fromEntries(tables), keysKeptMs: null };
  expect(checkAll(empty as Snapshot).filter(({ holds }) => !holds)).toEqual([]);
});

test('of a thousand violations the first twenty are listed and the others counted', () => {
  const snapshot = healthySnapshot();
  snapshot.preparedTransactions = Array.from({ length: 1_000 }, (_, index) => ({
    owner: 'order',
    gid: `order-${index}`,
  }));
  const found = checkAll(snapshot).find(({ id }) => id === 'INV-9');
  expect(found?.violations.map(({ about }) => about.gid)).toEqual(
    Array.from({ length: 20 }, (_, index) => `order-${index}`),
  );
  const lines = found?.detail.split('\n');
  expect(lines).toHaveLength(21);
  expect(lines?.at(-1)).toBe('… and 980 more');
});

test('docs/invariants.md explains every invariant under its number and title', () => {
  const root = join(import.meta.dirname, '..', '..', '..', '..');
  const text = readFileSync(join(root, 'docs', 'invariants.md'), 'utf8');
  const explained = text.split('\n').filter((line) => line.startsWith('## INV-'));
  expect(explained).toEqual(INVARIANTS.map(({ id, title }) => `## ${id}. ${title}`));
});

type Table = Exclude<
  keyof Snapshot,
  'acknowledged' | 'preparedTransactions' | 'history' | 'dropped' | 'keysKeptMs'
>;

/**
 * Columns in which every wrong value must break an invariant. Columns that may differ without harm
 * are left out: a reason, a number of attempts, the place of a message on its topic.
 */
const BOUND: Record<Table, string[]> = {
  orders: ['id', 'customerId', 'status', 'totalCents', 'coordination'],
  orderLines: ['orderId', 'sku', 'quantity', 'unitPriceCents'],
  sagas: ['id', 'orderId', 'status', 'awaiting'],
  accounts: ['customerId', 'openingCents', 'balanceCents'],
  payments: ['orderId', 'customerId', 'status', 'method'],
  cardCharges: ['orderId', 'key', 'status', 'amountCents'],
  processorCharges: ['orderId', 'key', 'status', 'amountCents'],
  keys: ['scope', 'key', 'status', 'orderId', 'bodyHash', 'inProgress'],
  stock: ['sku', 'opening', 'available', 'held', 'madeToOrder'],
  reservations: ['orderId', 'sku', 'quantity', 'status'],
  outbox: ['topic', 'key', 'messageId', 'step', 'published'],
  inbox: ['sagaId', 'step', 'answer'],
  transactions: ['id', 'decision', 'participants', 'ended', 'damage'],
  branches: ['owner', 'transactionId', 'outcome', 'onePhase'],
  heuristicDecisions: ['transactionId', 'decision'],
  topics: ['topic', 'key', 'messageId', 'step', 'deadLetterReason'],
  handled: ['messageId'],
};

/**
 * A tombstone may exist or not for any transaction that was not committed. A right heuristic
 * decision changes nothing. Rows of both kinds may therefore be missing.
 */
function isFree(table: Table, row: object, column: string | null): boolean {
  if (table === 'branches' && 'outcome' in row && row.outcome === 'aborted') {
    return column !== 'outcome';
  }
  // A decline does not depend on the balance.
  if (column === 'method') return 'status' in row && row.status === 'DECLINED';
  return table === 'heuristicDecisions' && column === null;
}

/**
 * Rows of these tables may have an equal row (from a retry or a second delivery), so one missing
 * row may go unnoticed.
 */
function isOneOfTwins(snapshot: Snapshot, table: Table, index: number): boolean {
  if (table !== 'outbox' && table !== 'topics') return false;
  const ids = snapshot[table].map(({ topic, messageId }) => `${topic} ${messageId}`);
  return ids.filter((id) => id === ids[index]).length > 1;
}

/** Another value that the column would accept. */
const OTHER: Record<string, unknown> = {
  HELD: 'RELEASED',
  RELEASED: 'HELD',
  CAPTURED: 'DECLINED',
  DECLINED: 'CAPTURED',
  CONFIRMED: 'REJECTED',
  REJECTED: 'CONFIRMED',
  completed: 'compensated',
  compensated: 'completed',
  committed: 'aborted',
  aborted: 'committed',
  commit: 'abort',
  abort: 'commit',
  account: 'card',
  card: 'account',
  saga: '2pc',
  '2pc': 'saga',
};

function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...value, 'another'];
  if (typeof value === 'string') return OTHER[value] ?? `another ${value}`;
  return value === null ? 'something' : null;
}

test('one wrong value in any column breaks some invariant', () => {
  const places = Object.entries(BOUND).flatMap(([table, columns]) =>
    healthySnapshot()[table as Table].flatMap((row, index) =>
      columns
        .filter((column) => !isFree(table as Table, row, column))
        .map((column) => ({ table: table as Table, index, column })),
    ),
  );
  for (const { table, index, column } of places) {
    const snapshot = healthySnapshot();
    const row = snapshot[table][index] as unknown as Record<string, unknown>;
    row[column] = another(row[column]);
    const broken = checkAll(snapshot).filter(({ holds }) => !holds);
    expect(broken, `${table}[${index}].${column}`).not.toEqual([]);
    const violations = broken.flatMap((each) => each.violations);
    const nameless = violations.filter(({ about }) => Object.keys(about).length === 0);
    expect(nameless).toEqual([]);
  }
});

test('one missing row breaks some invariant', () => {
  for (const table of Object.keys(BOUND) as Table[]) {
    healthySnapshot()[table].forEach((row, index) => {
      const snapshot = healthySnapshot();
      if (isOneOfTwins(snapshot, table, index) || isFree(table, row, null)) return;
      snapshot[table].splice(index, 1);
      const broken = checkAll(snapshot).filter(({ holds }) => !holds);
      expect(broken, `${table} without ${JSON.stringify(row)}`).not.toEqual([]);
    });
  }
});

const story: fc.Arbitrary<Story> = fc.record({
  customerId: fc.constantFrom('ada', 'bob', 'cleo', 'dora'),
  lines: fc.uniqueArray(
    fc.record({
      sku: fc.constantFrom(...(Object.keys(GOODS) as (keyof typeof GOODS)[])),
      quantity: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ sku }) => sku },
  ),
  coordination: fc.constantFrom('saga', '2pc'),
  outcome: fc.constantFrom('confirmed', 'declined', 'sold-out', 'timed-out'),
  commandRetried: fc.boolean(),
  deliveredAgain: fc.constantFrom('', 'reserve-stock', 'capture-payment', 'release-stock'),
  presumeNothing: fc.boolean(),
  lastResource: fc.boolean(),
  guessed: fc.boolean(),
});
const change = fc.integer({ min: -20_000, max: 20_000 }).filter((by) => by !== 0);

test('all invariants hold for any number of orders and repeats', () => {
  fc.assert(
    fc.property(fc.array(story, { maxLength: 8 }), (stories) => {
      const broken = checkAll(snapshotOf(stories)).filter(({ holds }) => !holds);
      expect(broken).toEqual([]);
    }),
  );
});

test('an amount that appears or vanishes breaks an invariant in any history', () => {
  const column = fc.constantFrom('openingCents', 'balanceCents', 'opening', 'available', 'held');
  fc.assert(
    fc.property(fc.array(story, { maxLength: 8 }), column, change, (stories, name, by) => {
      const snapshot = snapshotOf(stories);
      const isMoney = name.endsWith('Cents');
      const [row] = isMoney ? snapshot.accounts : snapshot.stock;
      Reflect.set(row ?? {}, name, Number(Reflect.get(row ?? {}, name)) + by);
      const broken = checkAll(snapshot).filter(({ holds }) => !holds);
      expect(broken.map(({ id }) => id)).toEqual([isMoney ? 'INV-1' : 'INV-2']);
    }),
  );
});
