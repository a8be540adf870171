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

/** What the client of this order did, first. */
function placingOf({ history }: Snapshot, order: number): Placing {
  const [found] = history.filter(
    (each): each is Placing => each.kind === 'place-order' && each.orderId === `order-${order}`,
  );
  if (found === undefined) throw new Error('nobody placed it');
  return found;
}

/** The client of order 1 asks again, with its key, a little later. */
function askAgain(snapshot: Snapshot, told: Partial<Placing>): void {
  const first = placingOf(snapshot, 1);
  const times = { invokedAt: first.invokedAt + 500, returnedAt: first.invokedAt + 510 };
  snapshot.history.push({ ...first, ...times, ...told });
}

const LOST = { outcome: 'unknown', httpStatus: null, bodyHash: null, status: null } as const;
const REFUSED = { outcome: 'refused', orderId: null, bodyHash: 'why', status: null } as const;

test('holds: one that was repeated was told the same', () => {
  expect(oneOrderPerKey(healthySnapshot())).toEqual([]);
});

test.each<[string, Partial<Placing>]>([
  ['an answer that was lost says nothing', LOST],
  ['in progress: come back', { ...REFUSED, httpStatus: 409, code: 'idempotency-key-in-use' }],
  [
    'another request under the key is refused',
    { ...REFUSED, httpStatus: 422, code: 'idempotency-key-reused', request: 'request-2' },
  ],
  ['an order that was begun, and never came to be', { ...LOST, orderId: 'order-nobody-has' }],
  ["somebody else's key of the same name", { ...REFUSED, caller: 'bob', httpStatus: 202 }],
])('holds: %s', (_what, told) => {
  const snapshot = healthySnapshot();
  askAgain(snapshot, told);
  expect(oneOrderPerKey(snapshot)).toEqual([]);
});

test('holds: a key that an attempt died with, of a client who never came back', () => {
  const snapshot = healthySnapshot();
  const rest = { status: null, orderId: null, bodyHash: null, inProgress: false };
  snapshot.keys.push({ scope: 'anonymous POST /orders', key: 'key-99', ...rest });
  expect(oneOrderPerKey(snapshot)).toEqual([]);
});

test('holds: once a key has expired, it is as good as new', () => {
  const snapshot = healthySnapshot();
  snapshot.keysKeptMs = 400;
  const { orderId, bodyHash, httpStatus, request } = placingOf(snapshot, 3);
  removeRow(snapshot.keys, { key: 'key-1' });
  rowOf(snapshot.keys, { key: 'key-3' }).key = 'key-1';
  placingOf(snapshot, 3).key = null;
  askAgain(snapshot, { orderId, bodyHash, httpStatus, request });
  expect(oneOrderPerKey(snapshot)).toEqual([]);
  snapshot.keysKeptMs = 600;
  expect(oneOrderPerKey(snapshot).length).toBeGreaterThan(0);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>[]]>([
  [
    'two orders: looked, found nothing, and placed it, twice',
    (snapshot) => askAgain(snapshot, { ...LOST, orderId: 'order-2' }),
    [{ kind: 'key-with-several-orders', text: 'key key-1 has two orders: order-1 and order-2' }],
  ],
  [
    'accepted once more, in other words',
    (snapshot) => askAgain(snapshot, { bodyHash: 'other' }),
    [
      {
        kind: 'key-answered-differently',
        text: 'key key-1 was answered 202 and 202, in different words',
      },
      {
        kind: 'key-unlike-answer',
        text: 'key key-1 keeps 202 of order-1, but a client was told 202 of order-1',
      },
    ],
  ],
  [
    'accepted for another request',
    (snapshot) => askAgain(snapshot, { request: 'request-2' }),
    [
      {
        kind: 'key-for-several-requests',
        text: 'key key-1 was accepted for two different requests',
      },
    ],
  ],
  [
    'told, and not kept',
    ({ keys }) => removeRow(keys, { key: 'key-1' }),
    [{ kind: 'key-not-stored', text: 'key key-1 was accepted, and is not kept' }],
  ],
  [
    'told, and kept as in progress for ever',
    ({ keys }) => {
      const open = { status: null, orderId: null, bodyHash: null, inProgress: true };
      Object.assign(rowOf(keys, { key: 'key-1' }), open);
    },
    [
      {
        kind: 'key-unlike-answer',
        text: 'key key-1 keeps nothing, but a client was told 202 of order-1',
      },
      {
        kind: 'key-in-progress',
        text: 'key key-1 is still in progress: whoever asks is told to come back',
      },
    ],
  ],
  [
    'an answer that was stored, of an order that was not',
    ({ keys }) => {
      const lost = { status: 202, orderId: 'order-99', bodyHash: 'b', inProgress: false };
      keys.push({ scope: 'anonymous POST /orders', key: 'key-99', ...lost });
    },
    [
      {
        kind: 'key-of-missing-order',
        text: 'key key-99 keeps 202 of order order-99, which does not exist',
      },
    ],
  ],
])('caught: %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(oneOrderPerKey(snapshot)).toMatchObject(found);
});
