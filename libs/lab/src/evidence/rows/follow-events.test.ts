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
])('process %s, event %s: the rows of %j may have changed', (process, event, owners) => {
  expect(changedBy(sampleLine(process, 3, event))).toEqual(owners);
});

test('a heuristic decision may change the rows of its database', () => {
  const byHand = { event: 'heuristic-decision', gid: 'stock-import-7', owner: 'payment' } as const;
  expect(changedBy(eventLine('operator', 3, byHand))).toEqual(['payment']);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NEWS = eventLine('inventory', 0, { event: 'message-handled' });
const OTHER = eventLine('order', 0, { event: 'saga-advanced' });
const SENT = eventLine('relay-order', 0, { event: 'message-sent' });

const LOOK_MS = 10;

/**
 * Polls that take a while, with the databases they were for. `again`: when the next poll is due.
 */
function watched(again: number | null = null) {
  const polls: (readonly DatabaseOwner[])[] = [];
  const open: { since: number; end: () => void }[] = [];
  let most = 0;
  const rounds = followEvents(async (owners) => {
    polls.push(owners);
    const { promise, resolve } = Promise.withResolvers<void>();
    open.push({ since: performance.now(), end: resolve });
    most = Math.max(most, open.length);
    await promise;
    return new Map(owners.map((owner) => [owner, again]));
  });
  /** Advances the time, and so ends polls. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1) {
      await vi.advanceTimersByTimeAsync(1);
      const [first] = open;
      if (first === undefined || performance.now() - first.since < LOOK_MS) continue;
      open.shift();
      first.end();
    }
  };
  return { ...rounds, polls, pass, most: () => most };
}

test('an event causes a poll of the database that it may have changed', async () => {
  const { hear, polls, pass } = watched();
  await pass(500);
  expect(polls).toEqual([]);
  hear(NEWS);
  await pass(500);
  expect(polls).toEqual([['inventory']]);
});

test('many events cause polls 30 ms apart, and one after the last event', async () => {
  const { hear, polls, pass, most } = watched();
  for (let ms = 0; ms < 190; ms += 2) {
    hear(NEWS);
    hear(OTHER);
    await pass(2);
  }
  const during = polls.length;
  expect(during).toBeGreaterThanOrEqual(4);
  expect(during).toBeLessThanOrEqual(6);
  await pass(100);
  expect(polls.length).toBe(during + 1);
  expect(most()).toBe(1);
});

test('a sending causes a second poll after 100 ms, when the relay has marked its row', async () => {
  const { hear, polls, pass } = watched();
  hear(SENT);
  await pass(90);
  expect(polls).toEqual([['order']]);
  await pass(60);
  expect(polls).toEqual([['order'], ['order']]);
  await pass(500);
  expect(polls).toHaveLength(2);
});

test('a poll can schedule the next poll without an event', async () => {
  const { hear, polls, pass } = watched(250);
  hear(NEWS);
  await pass(500);
  expect(polls.length).toBeGreaterThanOrEqual(2);
});

test('stopping polls all databases once more and then never again', async () => {
  const { hear, stop, polls, pass } = watched(250);
  hear(NEWS);
  const stopped = stop();
  await pass(50);
  await stopped;
  hear(NEWS);
  await pass(500);
  expect(polls.at(-1)).toEqual(['order', 'payment', 'inventory', 'coordinator']);
  expect(polls.length).toBe(1);
});
