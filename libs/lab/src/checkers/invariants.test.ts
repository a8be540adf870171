import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Snapshot } from '../snapshot.ts';
import { healthySnapshot, snapshotOf } from './healthy-snapshot.ts';
import { GOODS, type Story } from './healthy-story.ts';
import { checkAll, INVARIANTS } from './invariants.ts';

test('a healthy lab holds, and says what was compared', () => {
  expect(checkAll(healthySnapshot()).map(({ id, holds, detail }) => [id, holds, detail])).toEqual([
    ['INV-1', true, '3 accounts: 259.80 opening = 150.00 left + 109.80 captured'],
    ['INV-2', true, '6 skus: 8 opening = 3 available + 5 held'],
    [
      'INV-3',
      true,
      '3 CONFIRMED orders: each paid once, each line held, where there is anything to pay or hold',
    ],
    ['INV-4', true, '3 REJECTED orders: nothing captured, nothing held'],
    ['INV-5', true, '6 orders accepted, and all of them there; 12 answers stand'],
    [
      'INV-6',
      true,
      '15 messages with 3 repeats: 6 inbox rows, 4 committed branches, one effect each',
    ],
    ['INV-7', true, '14 outbox rows, 15 messages on the topics: all matched'],
    ['INV-8', true, '8 runs of messages (one for each order and topic): as written'],
    [
      'INV-9',
      true,
      '6 orders and 3 sagas ended, nothing prepared, 14 outbox rows published, no dead letter',
    ],
    ['INV-10', true, '3 sagas: 1 completed, 2 compensated, as their orders say'],
    [
      'INV-11',
      true,
      '3 transactions: 2 committed (1 in one phase), 1 aborted, no branch otherwise',
    ],
    ['INV-12', true, '3 skus with 12 events: in one order'],
    ['INV-13', true, '15 messages on the topics, 15 handlings committed'],
  ]);
});

test('an empty lab holds', () => {
  const empty = Object.fromEntries(Object.keys(healthySnapshot()).map((table) => [table, []]));
  expect(checkAll(empty as unknown as Snapshot).filter(({ holds }) => !holds)).toEqual([]);
});

test('broken in a thousand places: the first ones are named, the rest are counted', () => {
  const snapshot = healthySnapshot();
  snapshot.preparedTransactions = Array.from({ length: 1_000 }, (_, index) => ({
    owner: 'order',
    gid: `order-${index}`,
  }));
  const lines = checkAll(snapshot)
    .find(({ id }) => id === 'INV-9')
    ?.detail.split('\n');
  expect(lines).toHaveLength(21);
  expect(lines?.at(-1)).toBe('… and 980 more');
});

test('every invariant is explained, under its number and title', () => {
  const root = join(import.meta.dirname, '..', '..', '..', '..');
  const text = readFileSync(join(root, 'docs', 'invariants.md'), 'utf8');
  const explained = text.split('\n').filter((line) => line.startsWith('## INV-'));
  expect(explained).toEqual(INVARIANTS.map(({ id, title }) => `## ${id}. ${title}`));
});

type Table = Exclude<
  keyof Snapshot,
  'acknowledged' | 'preparedTransactions' | 'history' | 'dropped'
>;

/**
 * The columns of which no value is free. Left out is what may differ with nothing wrong: a reason,
 * a number of attempts, where on its topic a message lies.
 */
const BOUND: Record<Table, string[]> = {
  orders: ['id', 'customerId', 'status', 'totalCents', 'coordination'],
  orderLines: ['orderId', 'sku', 'quantity', 'unitPriceCents'],
  sagas: ['id', 'orderId', 'status', 'awaiting'],
  accounts: ['customerId', 'openingCents', 'balanceCents'],
  payments: ['orderId', 'customerId', 'status'],
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
 * Of a tombstone only that it is one: it may be there or not, of any transaction that nobody
 * committed. That an operator guessed right changes nothing, so nobody misses it.
 */
function isFree(table: Table, row: object, column: string | null): boolean {
  if (table === 'branches' && 'outcome' in row && row.outcome === 'aborted') {
    return column !== 'outcome';
  }
  return table === 'heuristicDecisions' && column === null;
}

/** Of these a row may have a twin (asked again, delivered again): one of two may go unnoticed. */
function isOneOfTwins(snapshot: Snapshot, table: Table, index: number): boolean {
  if (table !== 'outbox' && table !== 'topics') return false;
  const ids = snapshot[table].map(({ topic, messageId }) => `${topic} ${messageId}`);
  return ids.filter((id) => id === ids[index]).length > 1;
}

/** Another value that the table would accept. */
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

test('one wrong value anywhere is caught by some invariant', () => {
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
  }
});

test('one row less is caught by some invariant', () => {
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
  customerId: fc.constantFrom('ada', 'bob', 'cleo'),
  lines: fc.uniqueArray(
    fc.record({
      sku: fc.constantFrom(...(Object.keys(GOODS) as (keyof typeof GOODS)[])),
      quantity: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ sku }) => sku },
  ),
  coordination: fc.constantFrom('saga', '2pc'),
  outcome: fc.constantFrom('confirmed', 'declined', 'sold-out', 'timed-out'),
  askedAgain: fc.boolean(),
  deliveredAgain: fc.constantFrom('', 'reserve-stock', 'capture-payment', 'release-stock'),
  presumeNothing: fc.boolean(),
  lastResource: fc.boolean(),
  guessed: fc.boolean(),
});
const change = fc.integer({ min: -20_000, max: 20_000 }).filter((by) => by !== 0);

test('no false alarm, however many orders and repeats', () => {
  fc.assert(
    fc.property(fc.array(story, { maxLength: 8 }), (stories) => {
      const broken = checkAll(snapshotOf(stories)).filter(({ holds }) => !holds);
      expect(broken).toEqual([]);
    }),
  );
});

test('any amount that appears or vanishes is caught, in any history', () => {
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
