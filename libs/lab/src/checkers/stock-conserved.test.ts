import { expect, test } from 'vitest';
import { healthySnapshot, rowOf } from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { stockConserved } from './stock-conserved.ts';

test('INV-2 holds when released stock is available again', () => {
  expect(stockConserved(healthySnapshot())).toEqual([]);
});

test('INV-2 is broken when a reservation took no stock', () => {
  const snapshot = healthySnapshot();
  snapshot.reservations.push({ ...rowOf(snapshot.reservations, { id: 'res-1' }), id: 'res-4' });
  expect(stockConserved(snapshot)).toMatchObject([
    { kind: 'stock-unlike-reservations', text: 'stock of tea: 2 held, but 4 in reservations' },
  ]);
});

test('INV-2 is broken when released stock was not put back', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.stock, { sku: 'tea' }).available -= 1;
  expect(stockConserved(snapshot)).toMatchObject([
    { kind: 'stock-out-of-balance', text: 'stock of tea: 5 opening, but 2 available + 2 held' },
  ]);
});

test('INV-2 is broken when more was sold than was available', () => {
  const snapshot = healthySnapshot();
  Object.assign(rowOf(snapshot.stock, { sku: 'cup' }), { available: -1, held: 2 });
  rowOf(snapshot.reservations, { id: 'res-2' }).quantity = 2;
  expect(stockConserved(snapshot)).toMatchObject([
    { kind: 'stock-below-zero', text: 'stock of cup: -1 available, 2 held: below zero' },
  ]);
});

test('INV-2 is broken when stock is held of a sku that is made to order', () => {
  const snapshot = healthySnapshot();
  Object.assign(rowOf(snapshot.stock, { sku: 'song' }), { opening: 1, held: 1 });
  const held = rowOf(snapshot.reservations, { id: 'res-2' });
  snapshot.reservations.push({ ...held, id: 'res-9', sku: 'song' });
  expect(stockConserved(snapshot)).toMatchObject([
    {
      kind: 'reservation-of-made-to-order',
      text: 'reservation res-9 is of song, which is made to order',
    },
  ]);
});

test('INV-2 is broken when a reservation is of an unknown sku', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.reservations, { id: 'res-3' }).sku = 'pot';
  expect(stockConserved(snapshot)).toMatchObject([
    {
      kind: 'reservation-of-unknown-sku',
      text: 'reservation res-3 is of pot, which is not in stock',
    },
  ]);
});
