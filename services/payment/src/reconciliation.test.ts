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

/** Two books and a branch, and what was done, in its order. */
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

test("a hold that is nobody's: first the tombstone, then the void", async () => {
  const { done, parts } = shop({ theirs: [hold] });
  expect(await voidOrphans(parts, LATER)).toBe(1);
  expect(done).toEqual([`abandon ${ORDER}`, `void ${hold.id}`]);
});

test('a branch that cannot be given up keeps its hold', async () => {
  const { done, parts } = shop({ theirs: [hold], abandoned: false });
  expect(await voidOrphans(parts, LATER)).toBe(0);
  expect(done).toEqual([`abandon ${ORDER}`]);
});

test.each<[string, CardCharge, OwnCharge[], Date]>([
  ['young', hold, [], new Date(AT)],
  ['of an order that is committed', hold, [own], LATER],
  ["somebody else's", { ...hold, key: 'another-shop-1' }, [], LATER],
  ['taken', { ...hold, status: 'CAPTURED' }, [], LATER],
])('a hold that is %s is not touched', async (_what, charge, ours, now) => {
  const { done, parts } = shop({ theirs: [charge], ours: [ours] });
  expect(await voidOrphans(parts, now)).toBe(0);
  expect(done).toEqual([]);
});

test('what only differs because time passed between the two books is no finding', async () => {
  const charged: CardCharge = { ...hold, status: 'CAPTURED' };
  const captured: OwnCharge = { ...own, status: 'CAPTURED' };
  const { parts } = shop({ theirs: [charged], ours: [[], [captured]] });
  const { counts, items } = await reconciliationNow(parts);
  expect(counts).toMatchObject({ agrees: 1, 'charged-there-only': 0 });
  expect(items).toEqual([]);
});

test('what still differs at the second look is told, with its sentence', async () => {
  const charged: CardCharge = { ...hold, status: 'CAPTURED' };
  const { counts, items } = await reconciliationNow(shop({ theirs: [charged] }).parts);
  expect(counts).toMatchObject({ agrees: 0, 'charged-there-only': 1 });
  expect(items).toMatchObject([{ kind: 'charged-there-only', orderId: ORDER, here: null }]);
});
