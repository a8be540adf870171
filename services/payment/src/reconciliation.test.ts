import type { CardCharge } from '@indoubt/contracts';
import type { Queries } from '@indoubt/database';
import { expect, test } from 'vitest';
import type { OwnCharge } from './reconcile.ts';
import { reconciliationNow, voidOrphans } from './reconciliation.ts';

const ORDER = '0198c5a0-0000-7000-8000-000000000001';
const AT = '2026-11-21T10:00:00.000Z';
const LATER = new Date('2026-11-21T10:00:10.000Z');

const hold: CardCharge = {
  id: '0198c5a0-0000-7000-8000-0000000000aa',
  key: `${ORDER}:hold`,
  card: 'card-dora',
  amountCents: 900,
  reference: ORDER,
  status: 'HELD',
  createdAt: AT,
  updatedAt: AT,
};
const own: OwnCharge = {
  key: hold.key,
  orderId: ORDER,
  amountCents: 900,
  card: 'card-dora',
  status: 'HELD',
};

/** Two books and a branch. `done` lists the calls in order. */
function shop(options: { theirs: CardCharge[]; ours?: OwnCharge[][]; abandoned?: boolean }) {
  const done: string[] = [];
  const { theirs, ours = [[]], abandoned = true } = options;
  let reads = 0;
  const read: Queries = {
    async query<Row>() {
      reads += 1;
      return (ours[Math.min(reads, ours.length) - 1] ?? []) as Row[];
    },
  };
  const parts = {
    read,
    processor: {
      list: async () => theirs,
      held: async () => theirs.filter(({ status }) => status === 'HELD'),
      release: async (id: string) => {
        done.push(`void ${id}`);
        return { ...hold, status: 'VOIDED' as const };
      },
    },
    branches: {
      inDoubt: async () => ({ own: [] }),
      abandon: async (id: string) => {
        done.push(`abandon ${id}`);
        return abandoned;
      },
    },
  };
  return { done, parts };
}

test('the branch of an orphaned hold is abandoned before the hold is voided', async () => {
  const { done, parts } = shop({ theirs: [hold] });
  expect(await voidOrphans(parts, LATER)).toBe(1);
  expect(done).toEqual([`abandon ${ORDER}`, `void ${hold.id}`]);
});

test('a hold is not voided if its branch cannot be abandoned', async () => {
  const { done, parts } = shop({ theirs: [hold], abandoned: false });
  expect(await voidOrphans(parts, LATER)).toBe(0);
  expect(done).toEqual([`abandon ${ORDER}`]);
});

test.each<[string, CardCharge, OwnCharge[], Date]>([
  ['a young hold', hold, [], new Date(AT)],
  ['a hold of a committed order', hold, [own], LATER],
  ['a hold of another shop', { ...hold, key: 'another-shop-1' }, [], LATER],
  ['a captured charge', { ...hold, status: 'CAPTURED' }, [], LATER],
])('%s is not voided', async (_what, charge, ours, now) => {
  const { done, parts } = shop({ theirs: [charge], ours: [ours] });
  expect(await voidOrphans(parts, now)).toBe(0);
  expect(done).toEqual([]);
});

test('a difference that disappears at the second comparison is not reported', async () => {
  const charged: CardCharge = { ...hold, status: 'CAPTURED' };
  const captured: OwnCharge = { ...own, status: 'CAPTURED' };
  const { parts } = shop({ theirs: [charged], ours: [[], [captured]] });
  const { counts, items } = await reconciliationNow(parts);
  expect(counts).toMatchObject({ agrees: 1, 'charged-there-only': 0 });
  expect(items).toEqual([]);
});

test('a difference that remains at the second comparison is reported', async () => {
  const charged: CardCharge = { ...hold, status: 'CAPTURED' };
  const { counts, items } = await reconciliationNow(shop({ theirs: [charged] }).parts);
  expect(counts).toMatchObject({ agrees: 0, 'charged-there-only': 1 });
  expect(items).toMatchObject([{ kind: 'charged-there-only', orderId: ORDER, here: null }]);
});
