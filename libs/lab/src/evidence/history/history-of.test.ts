import type { EventName } from '@indoubt/record';
import { expect, test } from 'vitest';
import { eventLine, readLine, type SampleEvent } from '../record/sample-lines.fixture.ts';
import { historyOf } from './history-of.ts';

const at = 1_700_000_000_000;
const line = <N extends EventName>(atMs: number, event: SampleEvent<N>) =>
  eventLine('client', atMs, event);

const trace = { traceId: 't', spanId: 's' };
const times = { invokedAt: 1, returnedAt: 5 };

test('an accepted order is in the history with its response', () => {
  const replay = { key: 'k', request: 'r', replayed: true, bodyHash: 'b' };
  const response = { orderId: 'A', orderStatus: 'PENDING', reason: null, ...replay };
  const lines = [
    line(1, { event: 'client-request', ...trace }),
    line(5, { event: 'client-response', ...trace, ...times, ...response, outcome: 'ok' }),
  ];
  const order = { kind: 'place-order', orderId: 'A', status: 'PENDING', reason: null };
  const keyed = { key: 'k', caller: null, request: 'r', httpStatus: 202, code: null };
  const said = { replayed: true, bodyHash: 'b', ...keyed, ...times, outcome: 'ok', traceId: 't' };
  expect(historyOf(lines)).toEqual([{ ...order, ...said }]);
});

test('an order whose response was lost is found by its trace, if it was placed', () => {
  const lost = { ...trace, ...times, status: null, outcome: 'unknown' } as const;
  const answer = line(5, { event: 'client-response', ...lost });
  const placed = line(3, { event: 'order-placed', traceId: 't', orderId: 'A' });
  expect(historyOf([placed, answer])).toMatchObject([{ orderId: 'A', outcome: 'unknown' }]);
  expect(historyOf([answer])).toMatchObject([{ orderId: null, outcome: 'unknown' }]);
});

test('a request without a response has an unknown outcome and no return time', () => {
  const [operation] = historyOf([line(7, { event: 'client-request', ...trace })]);
  expect(operation).toMatchObject({ invokedAt: at + 7, returnedAt: null, outcome: 'unknown' });
});

test('reads are in the order of their requests', () => {
  const lines = [
    readLine(9, { path: '/stock/tea', invokedAt: 8, returnedAt: 9, sku: 'tea', available: 3 }),
    readLine(7, {
      path: '/accounts/ada',
      invokedAt: 6,
      returnedAt: 7,
      customerId: 'ada',
      balanceCents: 5,
    }),
    readLine(5, { path: '/orders/A', ...times, orderId: 'A', orderStatus: 'CONFIRMED' }),
  ];
  expect(historyOf(lines)).toMatchObject([
    { kind: 'read-order', orderId: 'A', status: 'CONFIRMED', ...times },
    { kind: 'read-account', customerId: 'ada', balanceCents: 5, returnedAt: 7 },
    { kind: 'read-stock', sku: 'tea', available: 3, outcome: 'ok' },
  ]);
});
