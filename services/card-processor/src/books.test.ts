import type { RequestCardCharge } from '@indoubt/contracts';
import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import { openBooks } from './books.ts';
import type { Journal } from './journal.ts';

const ORDER = '0198c5a0-0000-7000-8000-000000000001';
const request: RequestCardCharge = {
  card: 'card-dora',
  amountCents: 1_000,
  reference: ORDER,
  capture: true,
};
const hold = { ...request, capture: false };

function memoryJournal(lines: unknown[] = []): Journal & { lines: unknown[] } {
  return {
    lines,
    append: async (line) => void lines.push(structuredClone(line)),
    close: async () => undefined,
  };
}

test('two simultaneous requests with the same key get the same charge', async () => {
  const journal = memoryJournal();
  const books = openBooks(journal);
  const [one, two] = await Promise.all([books.charge('k', request), books.charge('k', request)]);
  expect(two).toEqual(one);
  expect(journal.lines).toHaveLength(1);
});

test('a key that was used with any other parameters is refused', async () => {
  const books = openBooks(memoryJournal());
  await books.charge('k', request);
  const others = [
    { card: 'card-emil' },
    { amountCents: 1 },
    { reference: v7() },
    { capture: false },
  ];
  for (const other of others) {
    await expect(books.charge('k', { ...request, ...other })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
  }
});

test('after a restart every charge has its last status and its key', async () => {
  const journal = memoryJournal();
  const before = openBooks(journal);
  const held = await before.charge('k', hold);
  await before.capture(held.id);
  const after = openBooks(memoryJournal(journal.lines));
  expect(after.find(held.id).status).toBe('CAPTURED');
  expect((await after.charge('k', hold)).id).toBe(held.id);
});

test('a charge whose line could not be written leaves nothing', async () => {
  const journal = memoryJournal();
  const fails = { ...journal, append: () => Promise.reject(new Error('no room')) };
  const books = openBooks(fails);
  await expect(books.charge('k', request)).rejects.toThrow('no room');
  expect(books.page({ limit: 10 }).items).toEqual([]);
});

test.each([
  ['card-declined', 1, 'DECLINED'],
  ['card-limit-500', 500, 'CAPTURED'],
  ['card-limit-500', 501, 'DECLINED'],
  ['card-dora-limit-500', 501, 'DECLINED'],
  ['card-dora', 1_000_000, 'CAPTURED'],
])('the card %s with a charge of %i cents: the status is %s', async (card, amountCents, status) => {
  const charge = await openBooks(memoryJournal()).charge('k', { ...request, card, amountCents });
  expect(charge.status).toBe(status);
});

test('a repeated capture changes nothing, and a captured hold cannot be voided', async () => {
  const journal = memoryJournal();
  const books = openBooks(journal);
  const { id } = await books.charge('k', hold);
  expect((await books.capture(id)).status).toBe('CAPTURED');
  expect((await books.capture(id)).status).toBe('CAPTURED');
  expect(journal.lines).toHaveLength(2);
  await expect(books.release(id)).rejects.toMatchObject({ code: 'precondition-failed' });
});

test('a repeated void of a hold changes nothing, and a voided hold is not captured', async () => {
  const books = openBooks(memoryJournal());
  const { id } = await books.charge('k', hold);
  expect((await books.release(id)).status).toBe('VOIDED');
  expect((await books.release(id)).status).toBe('VOIDED');
  await expect(books.capture(id)).rejects.toMatchObject({ code: 'already-undone' });
  expect((await books.charge('k', hold)).status).toBe('VOIDED');
});

test('the void of a declined charge changes nothing, and its capture is refused', async () => {
  const books = openBooks(memoryJournal());
  const { id } = await books.charge('k', { ...hold, card: 'card-declined' });
  expect((await books.release(id)).status).toBe('DECLINED');
  await expect(books.capture(id)).rejects.toMatchObject({ code: 'already-undone' });
});

test('the pages of a filter are in order, and a changed charge stays in its place', async () => {
  const books = openBooks(memoryJournal());
  const all = [];
  for (const key of ['a', 'b', 'c', 'd', 'e']) all.push(await books.charge(key, hold));
  const other = await books.charge('f', { ...hold, reference: v7() });
  await books.capture(all[0]?.id ?? '');
  const ids = (page: { items: { key: string }[] }) => page.items.map(({ key }) => key).join('');
  const first = books.page({ limit: 2, reference: ORDER });
  expect(ids(first)).toBe('ab');
  const second = books.page({ limit: 3, reference: ORDER, cursor: first.next ?? '' });
  expect(ids(second)).toBe('cde');
  expect(second.next).toBeNull();
  expect(ids(books.page({ limit: 10, reference: other.reference }))).toBe('f');
  expect(ids(books.page({ limit: 10, status: 'CAPTURED' }))).toBe('a');
  expect(() => books.page({ limit: 1, cursor: v7() })).toThrow('cursor');
});
