import { afterEach, expect, test } from 'vitest';
import {
  addChaos,
  armChaos,
  armedRules,
  disarm,
  type FaultHit,
  fired,
  isBroken,
  listChaos,
  onChaosChange,
  releasePaused,
  setChaos,
} from './armed.ts';
import { failpoint } from './failpoint.ts';
import { parseChaos } from './parse-chaos.ts';

const WINDOW = 'acted-not-committed';
const AT = 'payment:acted-not-committed';
let told: FaultHit[] = [];

function arm(text: string, process = 'payment'): void {
  told = [];
  armChaos({ process, rules: parseChaos(text), seed: 1, emit: (hit) => told.push(hit) });
}

function rules(): string[] {
  return listChaos().map(({ rule }) => rule);
}

afterEach(() => {
  releasePaused();
  arm('');
});

test('a process keeps what concerns it: its windows, links, topics and variants', () => {
  const own = [
    `${AT}=crash@1`,
    'payment->kafka=cut',
    '*=drop',
    'payment=decline',
    'variant=no-inbox',
  ];
  const others = [
    'order:*=crash',
    'order->kafka=cut',
    'saga.replies=drop(p=0.1)',
    'variant=dual-write',
  ];
  arm([...own, ...others].join('; '));
  expect(rules()).toEqual(own);
});

test('listed: how often each was met, and how often it took effect', () => {
  arm(`${AT}=pause@2; payment:claimed-not-acted=pause`);
  void failpoint('acted-not-committed');
  void failpoint('acted-not-committed');
  void failpoint('acted-not-committed');
  expect(listChaos()).toEqual([
    { rule: `${AT}=pause@2`, hits: 3, fired: 1 },
    { rule: 'payment:claimed-not-acted=pause', hits: 0, fired: 0 },
  ]);
});

test('other faults in their place: what is paused goes on, and counts start again', async () => {
  arm(`${AT}=pause`);
  const paused = failpoint('acted-not-committed');
  setChaos(parseChaos(`${AT}=pause`));
  await paused;
  expect(listChaos()).toEqual([{ rule: `${AT}=pause`, hits: 0, fired: 0 }]);
  setChaos([]);
  expect(failpoint('acted-not-committed')).toBeUndefined();
});

test('other faults are drawn from the seed, from its beginning', () => {
  const rule = `${AT}=pause(p=0.5)`;
  const hits = () =>
    Array.from({ length: 20 }, () => failpoint('acted-not-committed') === undefined);
  arm(rule);
  const first = hits();
  setChaos(parseChaos(rule));
  expect(hits()).toEqual(first);
});

test('whoever asked is told of every change', () => {
  let changes = 0;
  onChaosChange(() => {
    changes += 1;
  });
  arm(`${AT}=crash`);
  setChaos([]);
  expect(changes).toBe(2);
});

test('a broken variant: there where it belongs, and told once', () => {
  arm('variant=no-inbox');
  expect([isBroken('no-inbox'), isBroken('no-inbox'), isBroken('dual-write')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(told).toMatchObject([{ kind: 'variant', name: 'no-inbox', action: 'variant', hit: 1 }]);
  arm('variant=no-inbox', 'order');
  expect(isBroken('no-inbox')).toBe(false);
});

test('a broken variant stays when faults are replaced or cleared: it is no fault', () => {
  arm(`variant=no-inbox; ${AT}=crash`);
  setChaos([]);
  expect(rules()).toEqual(['variant=no-inbox']);
  setChaos(parseChaos(`variant=no-inbox; ${AT}=crash`));
  expect(rules()).toEqual(['variant=no-inbox', `${AT}=crash`]);
});

test('a fault that takes effect elsewhere, on a link, is counted and told', () => {
  arm('payment->kafka=cut');
  const [rule] = armedRules('link');
  if (rule === undefined) throw new Error('no link rule');
  fired(rule, 'payment->kafka');
  expect(listChaos()).toMatchObject([{ hits: 1, fired: 1 }]);
  expect(told).toMatchObject([{ kind: 'link', name: 'payment->kafka', action: 'cut', hit: 1 }]);
  setChaos([]);
  fired(rule, 'payment->kafka');
  expect(told).toHaveLength(1);
});

test('one more fault leaves the counts of the others as they are', async () => {
  arm(`${AT}=error`);
  await failpoint(WINDOW)?.catch(() => undefined);
  addChaos(parseChaos('payment.commands=drop'), 'rules');
  expect(listChaos()).toMatchObject([{ fired: 1 }, { fired: 0 }]);
  expect(failpoint(WINDOW)).toBeUndefined(); // it has struck, and does not strike again
});

test('the same fault again is armed anew', async () => {
  arm(`${AT}=error`);
  await failpoint(WINDOW)?.catch(() => undefined);
  addChaos(parseChaos(`${AT}=error`), 'rules');
  expect(listChaos()).toMatchObject([{ rule: `${AT}=error`, fired: 0 }]);
});

test('one that contradicts what is armed is refused, and nothing changes', () => {
  arm(`${AT}=error`);
  expect(() => addChaos(parseChaos(`${AT}=crash`), 'rules')).toThrow('contradict');
  expect(rules()).toEqual([`${AT}=error`]);
});

test('a fault whose time is over is gone, and may be armed again', () => {
  arm('payment->kafka=cut(for=1s)');
  const [rule] = armedRules('link');
  if (rule !== undefined) disarm(rule);
  expect(rules()).toEqual([]);
});

test('of a batch, the fault about one order strikes when it is among them', async () => {
  const one = '01930000-0000-7000-8000-000000000001';
  arm(`${AT}=error(order=${one})`);
  expect(failpoint(WINDOW, ['another'])).toBeUndefined();
  await expect(failpoint(WINDOW, ['another', one])).rejects.toThrow('injected');
  expect(told).toMatchObject([{ orderId: one }]);
});
