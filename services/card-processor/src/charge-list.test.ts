import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import type { BookedCharge } from './charge.ts';
import { createChargeList, type Page } from './charge-list.ts';

const ORDERS = [v7(), v7(), v7()];
const AT = '2026-11-21T10:00:00.000Z';

function charge(n: number, status: BookedCharge['status'], reference = ORDERS[n % 3] ?? '') {
  const [card, amountCents] = ['card-dora', 900];
  const rest = { card, amountCents, capture: false, createdAt: AT, updatedAt: AT };
  return { id: v7(), key: `key-${n}`, reference, status, ...rest };
}

function pages(page: (wanted: Page) => { items: BookedCharge[]; next: string | null }, of: Page) {
  const all: BookedCharge[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, next } = page({ ...of, cursor });
    expect(items.length).toBeLessThanOrEqual(of.limit);
    all.push(...items);
    if (next === null) return all;
    cursor = next;
  }
}

test('the pages of any filter together contain all matching charges in order', () => {
  const list = createChargeList();
  const charges = Array.from({ length: 20 }, (_, n) => charge(n, 'HELD'));
  for (const each of charges) list.put(each);
  const now = charges.map((each, n): BookedCharge => {
    if (n % 4 === 0) return each;
    return { ...each, status: n % 2 === 0 ? 'CAPTURED' : 'VOIDED' };
  });
  for (const each of now.toReversed()) list.put(each);
  for (const reference of [undefined, ...ORDERS, v7()]) {
    for (const status of [undefined, 'HELD', 'CAPTURED', 'VOIDED', 'DECLINED'] as const) {
      const expected = now
        .filter((each) => reference === undefined || each.reference === reference)
        .filter((each) => status === undefined || each.status === status);
      for (const limit of [1, 3, 20]) {
        expect(pages(list.page, { limit, reference, status })).toEqual(expected);
      }
    }
  }
});

test('a cursor stays valid when its charge no longer matches the filter', () => {
  const list = createChargeList();
  const charges = Array.from({ length: 4 }, (_, n) => charge(n, 'HELD', ORDERS[0]));
  for (const each of charges) list.put(each);
  const first = list.page({ limit: 2, status: 'HELD' });
  for (const each of first.items) list.put({ ...each, status: 'VOIDED' });
  const second = list.page({ limit: 2, status: 'HELD', cursor: first.next ?? '' });
  expect(second).toEqual({ items: charges.slice(2), next: null });
});

test.each<[string, Omit<Page, 'limit'>, number]>([
  ['a common status', { status: 'CAPTURED' }, 990],
  ['an order', { reference: ORDERS[1], status: 'HELD' }, 10],
  ['the status HELD', { status: 'HELD' }, 10],
])('pages filtered by %s read hardly more charges than they return', (_what, filter, count) => {
  const list = createChargeList();
  let reads = 0;
  for (let n = 0; n < 1_000; n += 1) {
    const isRare = n % 100 === 7;
    const one = charge(n, isRare ? 'HELD' : 'CAPTURED', isRare ? ORDERS[1] : ORDERS[2]);
    const { status } = one;
    const read = () => {
      reads += 1;
      return status;
    };
    list.put(Object.defineProperty(one, 'status', { get: read, enumerable: true }));
  }
  reads = 0;
  expect(pages(list.page, { limit: 5, ...filter })).toHaveLength(count);
  // Each page reads one charge more, to find out whether there is a next page.
  expect(reads).toBeLessThanOrEqual(count * 1.3);
});
