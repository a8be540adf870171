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
let emitted: FaultHit[] = [];

function arm(text: string, process = 'payment'): void {
  emitted = [];
  armChaos({ process, rules: parseChaos(text), seed: 1, emit: (hit) => emitted.push(hit) });
}

function rules(): string[] {
  return listChaos().map(({ rule }) => rule);
}

afterEach(() => {
  releasePaused();
  arm('');
});

test('a process arms only the rules about its own windows, links, topics and variants', () => {
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

test('the list has for each rule its hits and how often it fired', () => {
  arm(`${AT}=pause@2; payment:claimed-not-acted=pause`);
  void failpoint('acted-not-committed');
  void failpoint('acted-not-committed');
  void failpoint('acted-not-committed');
  expect(listChaos()).toEqual([
    { rule: `${AT}=pause@2`, hits: 3, fired: 1 },
    { rule: 'payment:claimed-not-acted=pause', hits: 0, fired: 0 },
  ]);
});

test('replacing the faults resumes paused work and resets the counts', async () => {
  arm(`${AT}=pause`);
  const paused = failpoint('acted-not-committed');
  setChaos(parseChaos(`${AT}=pause`));
  await paused;
  expect(listChaos()).toEqual([{ rule: `${AT}=pause`, hits: 0, fired: 0 }]);
  setChaos([]);
  expect(failpoint('acted-not-committed')).toBeUndefined();
});

test('replacing the faults draws from the beginning of the seeded numbers again', () => {
  const rule = `${AT}=pause(p=0.5)`;
  const hits = () =>
    Array.from({ length: 20 }, () => failpoint('acted-not-committed') === undefined);
  arm(rule);
  const first = hits();
  setChaos(parseChaos(rule));
  expect(hits()).toEqual(first);
});

test('a listener is called after every change of the rules', () => {
  let changes = 0;
  onChaosChange(() => {
    changes += 1;
  });
  arm(`${AT}=crash`);
  setChaos([]);
  expect(changes).toBe(2);
});

test('a broken variant is active in its own process only, and is recorded once', () => {
  arm('variant=no-inbox');
  expect([isBroken('no-inbox'), isBroken('no-inbox'), isBroken('dual-write')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(emitted).toMatchObject([{ kind: 'variant', name: 'no-inbox', action: 'variant', hit: 1 }]);
  arm('variant=no-inbox', 'order');
  expect(isBroken('no-inbox')).toBe(false);
});

test('a broken variant stays armed when faults are replaced or cleared', () => {
  arm(`variant=no-inbox; ${AT}=crash`);
  setChaos([]);
  expect(rules()).toEqual(['variant=no-inbox']);
  setChaos(parseChaos(`variant=no-inbox; ${AT}=crash`));
  expect(rules()).toEqual(['variant=no-inbox', `${AT}=crash`]);
});

test('a fault that takes effect on a link is counted and recorded', () => {
  arm('payment->kafka=cut');
  const [rule] = armedRules('link');
  if (rule === undefined) throw new Error('no link rule');
  fired(rule, 'payment->kafka');
  expect(listChaos()).toMatchObject([{ hits: 1, fired: 1 }]);
  expect(emitted).toMatchObject([{ kind: 'link', name: 'payment->kafka', action: 'cut', hit: 1 }]);
  setChaos([]);
  fired(rule, 'payment->kafka');
  expect(emitted).toHaveLength(1);
});

test('adding a fault does not change the counts of the other faults', async () => {
  arm(`${AT}=error`);
  await failpoint(WINDOW)?.catch(() => undefined);
  addChaos(parseChaos('payment.commands=drop'), 'rules');
  expect(listChaos()).toMatchObject([{ fired: 1 }, { fired: 0 }]);
  expect(failpoint(WINDOW)).toBeUndefined(); // the error has fired, and does not fire again
});

test('adding an armed fault again resets its counts', async () => {
  arm(`${AT}=error`);
  await failpoint(WINDOW)?.catch(() => undefined);
  addChaos(parseChaos(`${AT}=error`), 'rules');
  expect(listChaos()).toMatchObject([{ rule: `${AT}=error`, fired: 0 }]);
});

test('a fault that contradicts an armed fault is refused, and nothing changes', () => {
  arm(`${AT}=error`);
  expect(() => addChaos(parseChaos(`${AT}=crash`), 'rules')).toThrow('contradict');
  expect(rules()).toEqual([`${AT}=error`]);
});

test('a fault whose time is over is disarmed', () => {
  arm('payment->kafka=cut(for=1s)');
  const [rule] = armedRules('link');
  if (rule !== undefined) disarm(rule);
  expect(rules()).toEqual([]);
});

test('a fault about one order fires for a batch that contains this order', async () => {
  const one = '01930000-0000-7000-8000-000000000001';
  arm(`${AT}=error(order=${one})`);
  expect(failpoint(WINDOW, ['another'])).toBeUndefined();
  await expect(failpoint(WINDOW, ['another', one])).rejects.toThrow('injected');
  expect(emitted).toMatchObject([{ orderId: one }]);
});
