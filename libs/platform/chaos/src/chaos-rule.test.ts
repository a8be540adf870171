import { expect, test } from 'vitest';
import { VARIANTS } from './chaos-names.ts';
import { processesOf } from './chaos-rule.ts';
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
])('%s concerns %j', (text, processes) => {
  expect(parseChaos(text).flatMap((rule) => processesOf(rule, VARIANTS))).toEqual(processes);
});
