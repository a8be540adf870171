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
let emitted: FaultHit[] = [];

function arm(text: string, process = 'payment', seed = 1): void {
  emitted = [];
  armChaos({ process, rules: parseChaos(text), seed, emit: (hit) => emitted.push(hit) });
}

/** The numbers of those of ten hits at which the rules fire. */
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

test('a crash point returns undefined when no rule is armed for its process and window', () => {
  expect(failpoint(WINDOW)).toBeUndefined();
  expect(messageFault('saga.replies', ALICE)).toBeUndefined();
  expect(mustDecline(ALICE)).toBe(false);
  arm('inventory:acted-not-committed=error');
  expect(failpoint(WINDOW)).toBeUndefined();
  arm('payment:claimed-not-acted=error');
  expect(failpoint(WINDOW)).toBeUndefined();
  expect(emitted).toEqual([]);
});

test('a crash is emitted before the SIGKILL, and no later code runs', async () => {
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

test('an error is an indefinite Failure that names the crash point', async () => {
  arm('payment:acted-not-committed=error');
  const error = await failpoint(WINDOW)?.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({ code: 'fault-injected', certainty: 'indefinite' });
  expect(String(error)).toContain('payment:acted-not-committed');
});

test('a delay fires at every hit and ends after its duration', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  arm('payment:acted-not-committed=delay(50ms)');
  expect(firing('payment:acted-not-committed=delay(50ms)')).toHaveLength(10);
  const late = failpoint(WINDOW)?.then(() => 'went on');
  await vi.advanceTimersByTimeAsync(49);
  expect(await Promise.race([late, Promise.resolve('not yet')])).toBe('not yet');
  await vi.advanceTimersByTimeAsync(1);
  expect(await late).toBe('went on');
});

test('a pause lasts until its crash point is released by name, or all are released', async () => {
  arm('payment:*=pause(every=1)');
  const named = failpoint(WINDOW);
  const other = failpoint('claimed-not-acted');
  expect(releasePaused('payment:prepared-not-voted')).toBe(0);
  expect(releasePaused('payment:acted-not-committed')).toBe(1);
  await named;
  expect(releasePaused()).toBe(1);
  await other;
});

test('a rule fires at the first hit, at hit n with @n, and at every n-th hit with every=n', () => {
  expect(firing('payment:acted-not-committed=pause')).toEqual([1]);
  expect(firing('payment:acted-not-committed=pause@3')).toEqual([3]);
  expect(firing('payment:acted-not-committed=pause(every=4)')).toEqual([4, 8]);
});

test('a rule with a probability fires at the same hits for the same seed', () => {
  const text = 'payment:acted-not-committed=pause(p=0.5)';
  expect(firing(text, 7)).toEqual(firing(text, 7));
  const seeds = [1, 2, 3, 4, 5].map((seed) => firing(text, seed).join());
  expect(new Set(seeds).size).toBeGreaterThan(1);
});

test('a rule about one order counts only the hits of this order', () => {
  arm(`payment:acted-not-committed=pause(order=${ALICE})@2`);
  const fires = [BOB, ALICE, undefined, BOB, ALICE].map(
    (id) => failpoint(WINDOW, id) !== undefined,
  );
  expect(fires).toEqual([false, false, false, false, true]);
  expect(emitted).toMatchObject([{ hit: 2, orderId: ALICE }]);
});

test('a rule with a star counts the hits of all its windows together', () => {
  arm('payment:*=pause@2');
  expect(failpoint('claimed-not-acted')).toBeUndefined();
  expect(failpoint(WINDOW)).toBeDefined();
  expect(emitted).toMatchObject([
    { name: 'payment:acted-not-committed', rule: 'payment:*=pause@2' },
  ]);
});

test('of two rules at one window only one fires at a hit, and both count the hit', () => {
  arm('payment:*=pause@1; payment:acted-not-committed=error@1');
  expect(failpoint(WINDOW)).toBeDefined();
  expect(failpoint(WINDOW)).toBeUndefined();
  expect(listChaos()).toEqual([
    { rule: 'payment:*=pause@1', hits: 2, fired: 1 },
    { rule: 'payment:acted-not-committed=error@1', hits: 2, fired: 0 },
  ]);
});

test('the emitted hit has rule, kind, place, action, hit number and order', () => {
  arm('payment:acted-not-committed=pause');
  void failpoint(WINDOW, BOB);
  expect(emitted).toEqual([
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

test('a message fault fires only for its topic, in the process that consumes it', () => {
  arm('saga.replies=duplicate(every=2)', 'order');
  const faults = ['saga.replies', 'payment.commands', 'saga.replies'].map((topic) => {
    return messageFault(topic, ALICE);
  });
  expect(faults).toEqual([undefined, undefined, 'duplicate']);
  arm('saga.replies=duplicate(every=1)', 'payment');
  expect(messageFault('saga.replies', ALICE)).toBeUndefined();
});

test('a payment is declined when the trigger of the decline rule fires', () => {
  arm(`payment=decline(order=${BOB})`);
  expect([ALICE, BOB, BOB].map((id) => mustDecline(id))).toEqual([false, true, false]);
  expect(emitted).toMatchObject([{ kind: 'decline', name: 'payment', action: 'decline' }]);
});
