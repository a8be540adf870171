import { expect, test } from 'vitest';
import type { ClientOperation } from '../evidence/history/history-of.ts';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { oneOrderPerKey } from './one-order-per-key.ts';

type Placing = Extract<ClientOperation, { kind: 'place-order' }>;

/** The first request to place this order. */
function placingOf({ history }: Snapshot, order: number): Placing {
  const [found] = history.filter(
    (each): each is Placing => each.kind === 'place-order' && each.orderId === `order-${order}`,
  );
  if (found === undefined) throw new Error('nobody placed it');
  return found;
}

/** The client of order 1 repeats its request with its key, a little later. */
function retry(snapshot: Snapshot, change: Partial<Placing>): void {
  const first = placingOf(snapshot, 1);
  const times = { invokedAt: first.invokedAt + 500, returnedAt: first.invokedAt + 510 };
  snapshot.history.push({ ...first, ...times, ...change });
}

const LOST = { outcome: 'unknown', httpStatus: null, bodyHash: null, status: null } as const;
const REFUSED = { outcome: 'refused', orderId: null, bodyHash: 'why', status: null } as const;

test('INV-14 holds when a repeated request got the same response', () => {
  expect(oneOrderPerKey(healthySnapshot())).toEqual([]);
});

test.each<[string, Partial<Placing>]>([
  ['the response was lost', LOST],
  ['the key was in progress', { ...REFUSED, httpStatus: 409, code: 'idempotency-key-in-use' }],
  [
    'another request with the key was refused',
    { ...REFUSED, httpStatus: 422, code: 'idempotency-key-reused', request: 'request-2' },
  ],
  ['the order of the request was begun and aborted', { ...LOST, orderId: 'order-nobody-has' }],
  ['another caller used the same key', { ...REFUSED, caller: 'bob', httpStatus: 202 }],
])('INV-14 holds when %s', (_what, change) => {
  const snapshot = healthySnapshot();
  retry(snapshot, change);
  expect(oneOrderPerKey(snapshot)).toEqual([]);
});

test('INV-14 holds for the key of an attempt that died and of a client that did not retry', () => {
  const snapshot = healthySnapshot();
  const rest = { status: null, orderId: null, bodyHash: null, inProgress: false };
  snapshot.keys.push({ scope: 'anonymous POST /orders', key: 'key-99', ...rest });
  expect(oneOrderPerKey(snapshot)).toEqual([]);
});

test('INV-14 holds when an expired key is used for a new order', () => {
  const snapshot = healthySnapshot();
  snapshot.keysKeptMs = 400;
  const { orderId, bodyHash, httpStatus, request } = placingOf(snapshot, 3);
  removeRow(snapshot.keys, { key: 'key-1' });
  rowOf(snapshot.keys, { key: 'key-3' }).key = 'key-1';
  placingOf(snapshot, 3).key = null;
  retry(snapshot, { orderId, bodyHash, httpStatus, request });
  expect(oneOrderPerKey(snapshot)).toEqual([]);
  snapshot.keysKeptMs = 600;
  expect(oneOrderPerKey(snapshot).length).toBeGreaterThan(0);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>[]]>([
  [
    'two concurrent requests both found no key and placed an order',
    (snapshot) => retry(snapshot, { ...LOST, orderId: 'order-2' }),
    [{ kind: 'key-with-several-orders', text: 'key key-1 has two orders: order-1 and order-2' }],
  ],
  [
    'the repeated request got a different response body',
    (snapshot) => retry(snapshot, { bodyHash: 'other' }),
    [
      {
        kind: 'key-answered-differently',
        text: 'key key-1 was answered 202 and 202, with different bodies',
      },
      {
        kind: 'key-unlike-answer',
        text: 'key key-1 stores 202 of order-1, but a client got 202 of order-1',
      },
    ],
  ],
  [
    'the key was accepted for another request',
    (snapshot) => retry(snapshot, { request: 'request-2' }),
    [
      {
        kind: 'key-for-several-requests',
        text: 'key key-1 was accepted for two different requests',
      },
    ],
  ],
  [
    'the accepted response is not stored',
    ({ keys }) => removeRow(keys, { key: 'key-1' }),
    [{ kind: 'key-not-stored', text: 'key key-1 was accepted, but is not stored' }],
  ],
  [
    'the key stays in progress after its response',
    ({ keys }) => {
      const open = { status: null, orderId: null, bodyHash: null, inProgress: true };
      Object.assign(rowOf(keys, { key: 'key-1' }), open);
    },
    [
      {
        kind: 'key-unlike-answer',
        text: 'key key-1 stores nothing, but a client got 202 of order-1',
      },
      {
        kind: 'key-in-progress',
        text: 'key key-1 is still in progress: a retry is refused',
      },
    ],
  ],
  [
    'the stored response names an order that does not exist',
    ({ keys }) => {
      const lost = { status: 202, orderId: 'order-99', bodyHash: 'b', inProgress: false };
      keys.push({ scope: 'anonymous POST /orders', key: 'key-99', ...lost });
    },
    [
      {
        kind: 'key-of-missing-order',
        text: 'key key-99 stores 202 of order order-99, which does not exist',
      },
    ],
  ],
])('INV-14 is broken when %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(oneOrderPerKey(snapshot)).toMatchObject(found);
});
