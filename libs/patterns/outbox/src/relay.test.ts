import type { OutgoingMessage } from '@indoubt/contracts';
import { epochMs, onRecord, type RecordEvent } from '@indoubt/record';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLease } from './lease.ts';
import type { Outbox, OutboxRow } from './outbox-store.ts';
import { relayOnce } from './relay-once.ts';
import { runRelay } from './run-relay.ts';

const row = (id: number): OutboxRow => ({
  id,
  createdAt: new Date(0),
  message: {
    id: `m${id}`,
    topic: 'inventory.commands',
    key: 'order-1',
    type: 'reserve-stock',
    sagaId: 's',
    step: 'reserve-stock',
    body: {},
    traceparent: null,
  },
});

function outboxWith(...ids: number[]): Outbox & { marked: number[] } {
  const marked: number[] = [];
  return {
    marked,
    lease: async () => 1,
    claim: async () => ids.filter((id) => !marked.includes(id)).map(row),
    markPublished: async (published) => void marked.push(...published),
    deletePublished: async () => 0,
    answers: async () => true,
    release: async () => undefined,
  };
}

const acquired = { acquire: async () => true, fresh: () => true };

test('the relay publishes in the order of the outbox and marks exactly these rows', async () => {
  const outbox = outboxWith(3, 5, 8);
  const sent: OutgoingMessage[] = [];
  const publish = async (messages: OutgoingMessage[]) => void sent.push(...messages);
  expect(await relayOnce({ outbox, lease: acquired, publish })).toBe(3);
  expect(sent.map((message) => message.id)).toEqual(['m3', 'm5', 'm8']);
  expect(outbox.marked).toEqual([3, 5, 8]);
});

test('the record of a sent message separates its wait from the time of the broker', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const events: RecordEvent[] = [];
  onTestFinished(onRecord((event) => events.push(event)));
  const waitedMs = epochMs(); // written in 1970
  const publish = async () => void vi.advanceTimersByTime(250);
  await relayOnce({ outbox: outboxWith(1), lease: acquired, publish });
  expect(events).toMatchObject([{ event: 'message-sent', waitedMs, tookMs: 250 }]);
});

test('if publishing fails, no row is marked, so that the rows are sent again', async () => {
  const outbox = outboxWith(1);
  const publish = () => Promise.reject(new Error('no answer'));
  await expect(relayOnce({ outbox, lease: acquired, publish })).rejects.toThrow('no answer');
  expect(outbox.marked).toEqual([]);
});

test('a relay without the lease publishes nothing', async () => {
  const publish = () => Promise.reject(new Error('must not be called'));
  const standby = { acquire: async () => false, fresh: () => false };
  expect(await relayOnce({ outbox: outboxWith(1), lease: standby, publish })).toBe(0);
});

test('a relay whose lease ran out during the claim publishes nothing', async () => {
  const publish = () => Promise.reject(new Error('must not be called'));
  const paused = { acquire: async () => true, fresh: () => false };
  expect(await relayOnce({ outbox: outboxWith(1), lease: paused, publish })).toBe(0);
});

test('a lease is renewed at half its time, and is not fresh after its full time', async () => {
  let now = 0;
  let requests = 0;
  const granting = {
    lease: async () => {
      requests += 1;
      return 1;
    },
  };
  const lease = createLease(granting, 'relay-1', 1_000, () => now);
  await lease.acquire();
  now = 499;
  await lease.acquire();
  expect(requests).toBe(1);
  now = 500;
  await lease.acquire();
  expect(requests).toBe(2);
  now = 1_500;
  expect(lease.fresh()).toBe(false);
});

test('a wake-up during a pass causes another pass at once', async () => {
  const passes: number[] = [];
  const seen = Promise.withResolvers<void>();
  const loop = runRelay({
    pollMs: 60_000,
    retryMs: 60_000,
    pass: async () => {
      passes.push(passes.length);
      await Promise.resolve(); // the first pass starts before `loop` is assigned
      if (passes.length === 1) loop.wake();
      if (passes.length === 2) seen.resolve();
      return false;
    },
  });
  await seen.promise;
  await loop.stop();
  expect(passes.length).toBe(2);
});

test('the relay runs another pass after a pass that failed', async () => {
  const again = Promise.withResolvers<void>();
  let passes = 0;
  const loop = runRelay({
    pollMs: 60_000,
    retryMs: 1,
    pass: async () => {
      passes += 1;
      if (passes === 1) throw new Error('the broker is away');
      again.resolve();
      return false;
    },
  });
  await again.promise;
  await loop.stop();
  expect(passes).toBe(2);
});
