import { expect, test } from 'vitest';
import { chaosText, processesOf } from './chaos-rule.ts';
import { parseChaos } from './parse-chaos.ts';

test.each([
  ['*:handled-not-acknowledged=crash', ['order', 'inventory', 'payment']],
  ['payment:*=crash', ['payment']],
  ['*->payments-db=cut', ['payment', 'relay-payment']],
  ['coordinator->*=cut', ['coordinator']],
  ['*=drop', ['inventory', 'payment', 'order']],
  ['saga.replies=drop', ['order']],
  ['payment=decline', ['payment']],
  ['variant=decides-alone', ['order', 'payment', 'inventory']],
])('the rule %s concerns the processes %j', (text, processes) => {
  expect(parseChaos(text).flatMap(processesOf)).toEqual(processes);
});

test('rules are written as they were parsed, without empty parts', () => {
  expect(chaosText(parseChaos('payment=decline@1;; order->kafka=cut;'))).toBe(
    'payment=decline@1; order->kafka=cut',
  );
  expect(chaosText([])).toBe('');
});
