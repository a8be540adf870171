import type { EventName } from '@indoubt/record';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import { eventLine, sampleLine } from '../record/sample-lines.fixture.ts';
import { changedBy, followEvents } from './follow-events.ts';

test.each<[string, EventName, DatabaseOwner[]]>([
  ['inventory', 'message-handled', ['inventory']],
  ['relay-inventory', 'message-sent', ['inventory']],
  ['payment-2', 'branch-voted', ['payment']],
  ['coordinator', 'process-killed', ['coordinator']],
  ['order', 'message-received', []],
  ['client', 'client-request', []],
  ['card-processor', 'charge-answered', []],
])('%s, %s: the rows of %j may be others now', (process, event, owners) => {
  expect(changedBy(sampleLine(process, 3, event))).toEqual(owners);
});

test('an operator ends a branch by hand: the rows of its database may be others now', () => {
  const byHand = { event: 'heuristic-decision', gid: 'stock-import-7', owner: 'payment' } as const;
  expect(changedBy(eventLine('operator', 3, byHand))).toEqual(['payment']);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NEWS = eventLine('inventory', 0, { event: 'message-handled' });
const OTHER = eventLine('order', 0, { event: 'saga-advanced' });
const SENT = eventLine('relay-order', 0, { event: 'message-sent' });

const LOOK_MS = 10;

/** Looks that take a while, and what they were asked to look at. `again`: when the next is due. */
function watched(again: number | null = null) {
  const looks: (readonly DatabaseOwner[])[] = [];
  const open: { since: number; end: () => void }[] = [];
  let most = 0;
  const rounds = followEvents(async (owners) => {
    looks.push(owners);
    const { promise, resolve } = Promise.withResolvers<void>();
    open.push({ since: performance.now(), end: resolve });
    most = Math.max(most, open.length);
    await promise;
    return new Map(owners.map((owner) => [owner, again]));
  });
  /** Lets time pass, in which looks come to their end. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1) {
      await vi.advanceTimersByTimeAsync(1);
      const [first] = open;
      if (first === undefined || performance.now() - first.since < LOOK_MS) continue;
      open.shift();
      first.end();
    }
  };
  return { ...rounds, looks, pass, most: () => most };
}

test('an event is followed by a look at the database that it may have changed', async () => {
  const { hear, looks, pass } = watched();
  await pass(500);
  expect(looks).toEqual([]);
  hear(NEWS);
  await pass(500);
  expect(looks).toEqual([['inventory']]);
});

test('many events: one look at a time, 30 ms apart, and the last event has one, too', async () => {
  const { hear, looks, pass, most } = watched();
  for (let ms = 0; ms < 190; ms += 2) {
    hear(NEWS);
    hear(OTHER);
    await pass(2);
  }
  const during = looks.length;
  expect(during).toBeGreaterThanOrEqual(4);
  expect(during).toBeLessThanOrEqual(6);
  await pass(100);
  expect(looks.length).toBe(during + 1);
  expect(most()).toBe(1);
});

test('a relay marks its row after its note: there is a second look, 100 ms later', async () => {
  const { hear, looks, pass } = watched();
  hear(SENT);
  await pass(90);
  expect(looks).toEqual([['order']]);
  await pass(60);
  expect(looks).toEqual([['order'], ['order']]);
  await pass(500);
  expect(looks).toHaveLength(2);
});

test('what a look wants to see again is looked at again, without an event', async () => {
  const { hear, looks, pass } = watched(250);
  hear(NEWS);
  await pass(500);
  expect(looks.length).toBeGreaterThanOrEqual(2);
});

test('stopped: one look at all of them, and none afterwards', async () => {
  const { hear, stop, looks, pass } = watched(250);
  hear(NEWS);
  const stopped = stop();
  await pass(50);
  await stopped;
  hear(NEWS);
  await pass(500);
  expect(looks.at(-1)).toEqual(['order', 'payment', 'inventory', 'coordinator']);
  expect(looks.length).toBe(1);
});
