import type { DeliveredMessage } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { beforeEach, expect, test, vi } from 'vitest';
import { ATTEMPTS_MAX, handleBatch } from './handle-batch.ts';
import type { Received } from './received.ts';

/** A message whose id is the value that Kafka delivered. */
const received = (id: string): Received => ({
  message: {
    id,
    topic: 'inventory.commands',
    key: 'order-1',
    type: 'reserve-stock',
    sagaId: 's',
    step: 'reserve-stock',
    body: {},
    traceparent: null,
    partition: 0,
    offset: '0',
  },
  raw: {
    key: null,
    value: Buffer.from(id),
    timestamp: '0',
    attributes: 0,
    offset: '0',
    headers: {},
  },
});

/** The ids of each committed transaction. */
let committed: string[][];
let dead: string[];
let pauses: number;
let heartbeat: () => void;
let fails: (id: string, attempt: number) => Error | undefined;
const seen = new Map<string, number>();

beforeEach(() => {
  committed = [];
  dead = [];
  pauses = 0;
  heartbeat = () => undefined;
  fails = () => undefined;
  seen.clear();
});

const handling = {
  group: 'inventory',
  async within(work: (tx: string[]) => Promise<void>) {
    const tx: string[] = [];
    await work(tx);
    committed.push(tx);
  },
  async handle(tx: string[], { id }: DeliveredMessage) {
    const attempt = (seen.get(id) ?? 0) + 1;
    seen.set(id, attempt);
    const error = fails(id, attempt);
    if (error !== undefined) throw error;
    tx.push(id);
  },
};

const attempts = {
  heartbeat: async () => heartbeat(),
  async pause() {
    pauses += 1;
  },
  async deadLetter({ raw }: Received) {
    dead.push(String(raw.value));
  },
};

const run = (...ids: string[]) => handleBatch(ids.map(received), handling, attempts);

test('the messages of a group are handled in one transaction', async () => {
  await run('a', 'b', 'c');
  expect(committed).toEqual([['a', 'b', 'c']]);
});

test('after a failure each message is handled in its own transaction, once', async () => {
  fails = (id, attempt) => (id === 'b' && attempt === 1 ? new Error('once') : undefined);
  await run('a', 'b', 'c');
  expect(committed).toEqual([['a'], ['b'], ['c']]);
});

test('a message that always fails is dead-lettered, and later ones are handled', async () => {
  fails = (id) => (id === 'b' ? new Error('bug') : undefined);
  await run('a', 'b', 'c');
  expect({ committed, dead }).toEqual({ committed: [['a'], ['c']], dead: ['b'] });
  expect(pauses).toBe(ATTEMPTS_MAX - 1);
});

test('a malformed message becomes a dead letter without a retry', async () => {
  fails = () => new Failure('malformed-message', 'no lines');
  await run('a');
  expect({ dead, pauses }).toEqual({ dead: ['a'], pauses: 0 });
});

test('a message is retried for as long as the database is unavailable', async () => {
  const away = new Failure('database-unavailable', 'refused');
  fails = (_, attempt) => (attempt <= ATTEMPTS_MAX * 3 ? away : undefined);
  await run('a');
  expect({ committed, dead }).toEqual({ committed: [['a']], dead: [] });
});

test('a member that has lost its group handles no further message', async () => {
  heartbeat = () => {
    throw new Error('rebalance in progress');
  };
  await expect(run('a', 'b')).rejects.toThrow('rebalance');
  expect({ committed, dead }).toEqual({ committed: [], dead: [] });
});

test('a slow group is committed in parts, with a heartbeat between the parts', async () => {
  let beats = 0;
  heartbeat = () => {
    beats += 1;
  };
  vi.useFakeTimers({ toFake: ['performance'] });
  fails = (id) => {
    if (id === 'b') vi.advanceTimersByTime(300);
    return undefined;
  };
  await run('a', 'b', 'c', 'd');
  vi.useRealTimers();
  expect(committed).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(beats).toBe(2);
});
