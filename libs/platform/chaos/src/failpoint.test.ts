import { Failure } from '@indoubt/failure';
import { afterEach, expect, test, vi } from 'vitest';
import { armChaos, type FaultHit, listChaos, releasePaused } from './armed.ts';
import { failpoint, messageFault, mustDecline } from './failpoint.ts';
import { parseChaos } from './parse-chaos.ts';

const WINDOW = 'acted-not-committed';
const [ALICE, BOB] = [
  '01930000-0000-7000-8000-00000000000a',
  '01930000-0000-7000-8000-00000000000b',
];
let told: FaultHit[] = [];

function arm(text: string, process = 'payment', seed = 1): void {
  told = [];
  armChaos({ process, rules: parseChaos(text), seed, emit: (hit) => told.push(hit) });
}

/** Which of ten hits take effect. */
function firing(text: string, seed = 1): number[] {
  arm(text, 'payment', seed);
  const hits = Array.from({ length: 10 }, (_, index) => index + 1);
  return hits.filter(() => failpoint(WINDOW, ALICE) !== undefined);
}

afterEach(() => {
  releasePaused();
  arm('');
  vi.useRealTimers();
});

test('off: undefined, so that nothing is awaited; another process or window: undefined', () => {
  expect(failpoint(WINDOW)).toBeUndefined();
  expect(messageFault('saga.replies', ALICE)).toBeUndefined();
  expect(mustDecline(ALICE)).toBe(false);
  arm('inventory:acted-not-committed=error');
  expect(failpoint(WINDOW)).toBeUndefined();
  arm('payment:claimed-not-acted=error');
  expect(failpoint(WINDOW)).toBeUndefined();
  expect(told).toEqual([]);
});

test('crash: SIGKILL to itself, told before, and nothing behind it happens', async () => {
  const order: string[] = [];
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    order.push('killed');
    return true;
  });
  const rules = parseChaos('payment:acted-not-committed=crash@2');
  armChaos({ process: 'payment', rules, seed: 1, emit: ({ name }) => order.push(name) });
  expect(failpoint(WINDOW)).toBeUndefined();
  const dying = failpoint(WINDOW)?.then(() => 'went on');
  expect(order).toEqual(['payment:acted-not-committed', 'killed']);
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
  const later = new Promise((resolve) => setImmediate(() => resolve('still there')));
  expect(await Promise.race([dying, later])).toBe('still there');
});

test('error: an indefinite Failure, as unclear as a real one', async () => {
  arm('payment:acted-not-committed=error');
  const error = await failpoint(WINDOW)?.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({ code: 'fault-injected', certainty: 'indefinite' });
  expect(String(error)).toContain('payment:acted-not-committed');
});

test('delay: at every hit, and no longer than said', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  arm('payment:acted-not-committed=delay(50ms)');
  expect(firing('payment:acted-not-committed=delay(50ms)')).toHaveLength(10);
  const late = failpoint(WINDOW)?.then(() => 'went on');
  await vi.advanceTimersByTimeAsync(49);
  expect(await Promise.race([late, Promise.resolve('not yet')])).toBe('not yet');
  await vi.advanceTimersByTimeAsync(1);
  expect(await late).toBe('went on');
});

test('pause: stands still until it is released by its name, or all are', async () => {
  arm('payment:*=pause(every=1)');
  const one = failpoint(WINDOW);
  const other = failpoint('claimed-not-acted');
  expect(releasePaused('payment:prepared-not-voted')).toBe(0);
  expect(releasePaused('payment:acted-not-committed')).toBe(1);
  await one;
  expect(releasePaused()).toBe(1);
  await other;
});

test('triggers: the first hit unless said, the n-th, every n-th', () => {
  expect(firing('payment:acted-not-committed=pause')).toEqual([1]);
  expect(firing('payment:acted-not-committed=pause@3')).toEqual([3]);
  expect(firing('payment:acted-not-committed=pause(every=4)')).toEqual([4, 8]);
});

test('by chance: the same hits for the same seed, others for another', () => {
  const text = 'payment:acted-not-committed=pause(p=0.5)';
  expect(firing(text, 7)).toEqual(firing(text, 7));
  const seeds = [1, 2, 3, 4, 5].map((seed) => firing(text, seed).join());
  expect(new Set(seeds).size).toBeGreaterThan(1);
});

test('of one order: only its hits are counted', () => {
  arm(`payment:acted-not-committed=pause(order=${ALICE})@2`);
  const fires = [BOB, ALICE, undefined, BOB, ALICE].map(
    (id) => failpoint(WINDOW, id) !== undefined,
  );
  expect(fires).toEqual([false, false, false, false, true]);
  expect(told).toMatchObject([{ hit: 2, orderId: ALICE }]);
});

test('a star: the rule counts the hits of all its windows together', () => {
  arm('payment:*=pause@2');
  expect(failpoint('claimed-not-acted')).toBeUndefined();
  expect(failpoint(WINDOW)).toBeDefined();
  expect(told).toMatchObject([{ name: 'payment:acted-not-committed', rule: 'payment:*=pause@2' }]);
});

test('two rules at one window: one takes effect at a hit, and both count it', () => {
  arm('payment:*=pause@1; payment:acted-not-committed=error@1');
  expect(failpoint(WINDOW)).toBeDefined();
  expect(failpoint(WINDOW)).toBeUndefined();
  expect(listChaos()).toEqual([
    { rule: 'payment:*=pause@1', hits: 2, fired: 1 },
    { rule: 'payment:acted-not-committed=error@1', hits: 2, fired: 0 },
  ]);
});

test('what is told: the rule, where, what, which hit, whose work', () => {
  arm('payment:acted-not-committed=pause');
  void failpoint(WINDOW, BOB);
  expect(told).toEqual([
    {
      rule: 'payment:acted-not-committed=pause',
      kind: 'failpoint',
      name: 'payment:acted-not-committed',
      action: 'pause',
      hit: 1,
      orderId: BOB,
    },
  ]);
});

test('messages: only those of its topic, and by the process that consumes them', () => {
  arm('saga.replies=duplicate(every=2)', 'order');
  const faults = ['saga.replies', 'payment.commands', 'saga.replies'].map((topic) => {
    return messageFault(topic, ALICE);
  });
  expect(faults).toEqual([undefined, undefined, 'duplicate']);
  arm('saga.replies=duplicate(every=1)', 'payment');
  expect(messageFault('saga.replies', ALICE)).toBeUndefined();
});

test('payments: declined at will, as triggered', () => {
  arm(`payment=decline(order=${BOB})`);
  expect([ALICE, BOB, BOB].map((id) => mustDecline(id))).toEqual([false, true, false]);
  expect(told).toMatchObject([{ kind: 'decline', name: 'payment', action: 'decline' }]);
});
