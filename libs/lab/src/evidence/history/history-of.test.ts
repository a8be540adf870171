import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { historyOf } from './history-of.ts';

const line = (event: string, at: number, fields: object): RecordLine =>
  ({ kind: 'event', event, process: 'client', pid: 1, at, ...fields }) as unknown as RecordLine;

const post = { method: 'POST', path: '/orders', traceId: 't', spanId: 's' };
const times = { invokedAt: 1, returnedAt: 5 };

test('an order: accepted, with what its client was told', () => {
  const replay = { key: 'k', request: 'r', replayed: true, bodyHash: 'b' };
  const told = { status: 202, orderId: 'A', orderStatus: 'PENDING', reason: null, ...replay };
  const lines = [
    line('client-request', 1, post),
    line('client-response', 5, { ...post, ...times, ...told, outcome: 'ok' }),
  ];
  const order = { kind: 'place-order', orderId: 'A', status: 'PENDING', reason: null };
  const keyed = { key: 'k', caller: null, request: 'r', httpStatus: 202, code: null };
  const said = { replayed: true, bodyHash: 'b', ...keyed, ...times, outcome: 'ok', traceId: 't' };
  expect(historyOf(lines)).toEqual([{ ...order, ...said }]);
});

test('an answer that was lost: the order is known by its trace, if it was placed', () => {
  const lost = { ...post, ...times, status: null, outcome: 'unknown' };
  const answer = line('client-response', 5, lost);
  const placed = line('order-placed', 3, { traceId: 't', orderId: 'A' });
  expect(historyOf([placed, answer])).toMatchObject([{ orderId: 'A', outcome: 'unknown' }]);
  expect(historyOf([answer])).toMatchObject([{ orderId: null, outcome: 'unknown' }]);
});

test('no answer at all: nobody knows, and it never returned', () => {
  const [operation] = historyOf([line('client-request', 7, post)]);
  expect(operation).toMatchObject({ invokedAt: 7, returnedAt: null, outcome: 'unknown' });
});

test('reads, in the order in which they were asked', () => {
  const get = { method: 'GET', outcome: 'ok', status: 200 };
  const lines = [
    line('client-response', 9, { ...get, invokedAt: 8, returnedAt: 9, sku: 'tea', available: 3 }),
    line('client-response', 7, { ...get, invokedAt: 6, customerId: 'ada', balanceCents: 5 }),
    line('client-response', 5, { ...get, ...times, orderId: 'A', orderStatus: 'CONFIRMED' }),
  ];
  expect(historyOf(lines)).toMatchObject([
    { kind: 'read-order', orderId: 'A', status: 'CONFIRMED', ...times },
    { kind: 'read-account', customerId: 'ada', balanceCents: 5, returnedAt: 7 },
    { kind: 'read-stock', sku: 'tea', available: 3, outcome: 'ok' },
  ]);
});
