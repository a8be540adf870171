import { expect, test } from 'vitest';
import { durationMs, readArguments, triggerOf } from './rule-arguments.ts';

test.each([
  ['50ms', 50],
  ['0.5s', 500],
  ['2s', 2_000],
  ['1m', 60_000],
  ['1440m', 86_400_000],
])('%s is %i milliseconds', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['0ms', '50', '-1s', '1h', '1441m', '1e3ms', '', 'ms'])(
  '"%s" is not a duration',
  (text) => {
    expect(durationMs(text)).toBeUndefined();
  },
);

test('arguments may stand in any order, and spaces are ignored', () => {
  expect(readArguments(' every=3 , 50ms,', undefined)).toEqual({ every: 3, value: '50ms' });
  expect(readArguments('out, for=2s, rate=500B', undefined)).toEqual({
    direction: 'out',
    for: 2_000,
    rate: 500,
  });
  expect(readArguments('', '2')).toEqual({ hit: 2 });
});

test.each([
  ['', '0', 'hits are counted from 1: @1 is the first hit.'],
  ['', 'every3', '"@every3" is not a hit: write a number from 1 to 999999999.'],
  ['', 'every=3', 'Write other triggers in brackets: (every=3), (p=0.2).'],
  ['', '', '"@" is not a hit'],
  ['', '-1', '"@-1" is not a hit'],
  ['', '1.5', '"@1.5" is not a hit'],
  ['', '1, order->kafka=cut', '"@1, order->kafka=cut" is not a hit'],
  ['p=2', undefined, '"p=2" cannot be read; expected a probability above 0, up to 1: p=0.2.'],
  ['p=0', undefined, '"p=0" cannot be read'],
  ['p=20%', undefined, '"p=20%" cannot be read'],
  ['every=0', undefined, '"every=0" cannot be read; expected a count from 1: every=3.'],
  ['order=7', undefined, `"order=7" cannot be read; expected an order's id`],
  ['for=2', undefined, '"for=2" cannot be read; expected a duration up to a day: for=2s.'],
  ['jitter=0ms', undefined, '"jitter=0ms" cannot be read'],
  ['rate=10', undefined, '"rate=10" cannot be read; expected bytes per second'],
  ['evry=3', undefined, `"evry" is not an argument. Did you mean 'every'?`],
  ['hit=3', undefined, '"hit" is not an argument. Write the hit after the brackets: @3.'],
  ['constructor=1', undefined, '"constructor" is not an argument.'],
  ['__proto__=1', undefined, '"__proto__" is not an argument.'],
  ['50ms,60ms', undefined, '"60ms" repeats an argument'],
  ['in,out', undefined, '"out" repeats an argument'],
  ['p=0.1,p=0.2', undefined, '"p=0.2" repeats an argument'],
])('the arguments (%s)@%s are refused: %s', (inside, hit, says) => {
  expect(() => readArguments(inside, hit)).toThrow(says);
});

test('the error names an argument that the action does not take, and all that it takes', () => {
  expect(() => triggerOf({ value: '3' }, 'crash', [])).toThrow(
    'crash takes no "3". It takes: @HIT, every, p, order.',
  );
  expect(() => triggerOf({ rate: 5 }, 'delay', ['value'])).toThrow(
    'delay takes no "rate". It takes: a duration, @HIT, every, p, order.',
  );
});

test('hit, every and p exclude each other, and an order can be combined with each of them', () => {
  expect(() => triggerOf({ hit: 1, every: 2 }, 'crash', [])).toThrow('hit and every contradict');
  expect(() => triggerOf({ p: 0.5, every: 2 }, 'crash', [])).toThrow('every and p contradict');
  expect(triggerOf({ hit: 1, order: 'o' }, 'crash', [])).toEqual({ hit: 1, orderId: 'o' });
  expect(triggerOf({ p: 0.5 }, 'crash', [])).toEqual({ probability: 0.5 });
});
