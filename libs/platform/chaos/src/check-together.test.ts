import { expect, test } from 'vitest';
import { parseChaos } from './parse-chaos.ts';

const AT = 'payment:acted-not-committed';

test.each([
  [`${AT}=crash@1; ${AT}=crash@1`, 'the same fault twice'],
  [`${AT}=crash@1; ${AT}=error@1`, 'only one rule fires at a hit, and both are for hit 1'],
  [`${AT}=crash; ${AT}=pause@1`, 'only one rule fires at a hit'],
  ['order->kafka=cut; *->kafka=delay(5ms)', 'nothing passes order->kafka, so the other'],
  ['order->kafka=delay(5ms); order->kafka=blackhole', 'nothing passes order->kafka'],
  ['order->kafka=blackhole(in); order->kafka=delay(5ms,in)', 'nothing passes order->kafka'],
  ['*=drop(p=1); saga.replies=duplicate', '"*=drop(p=1)" fires at every hit, so the other'],
  ['*=drop; saga.replies=duplicate(every=1)', 'fires at every hit, so the other rule never fires'],
  [
    'payment=decline(p=1); payment=decline(p=0.5)',
    'fires at every hit, so the other rule never fires',
  ],
  ['variant=no-inbox; variant=inbox-outside-transaction', 'both replace the same piece, inbox'],
])('the rules "%s" contradict each other', (text, says) => {
  expect(said(text)).toContain('contradict each other');
  expect(said(text)).toContain(says);
});

function said(text: string): string {
  try {
    parseChaos(text);
    return 'nothing';
  } catch (error) {
    return (error as Error).message.replaceAll('\n', ' ');
  }
}

test('the message names both rules that contradict each other', () => {
  expect(said(`${AT}=crash@1; order->kafka=cut; ${AT}=error@1`)).toMatch(
    /^CHAOS: "payment:acted-not-committed=crash@1" and "payment:acted-not-committed=error@1" /,
  );
});

test.each([
  `${AT}=crash@1; ${AT}=error@2`,
  `${AT}=delay(5ms); ${AT}=crash@1`,
  // Each rule counts its own hits: the first hit of all windows may be at another window.
  `payment:*=crash@1; ${AT}=error@1`,
  'order->kafka=cut; payment->kafka=delay(5ms)',
  'order->kafka=cut(for=2s); order->kafka=delay(5ms)',
  'order->kafka=blackhole(in); order->kafka=delay(5ms,out)',
  'order->kafka=delay(5ms); order->kafka=throttle(rate=1kB)',
  'inventory.commands=drop(p=1); saga.replies=duplicate',
  'saga.replies=drop(p=0.1); saga.replies=duplicate(p=0.1)',
  'variant=no-inbox; variant=dual-write',
])('the rules "%s" can be armed together', (text) => {
  expect(parseChaos(text)).toHaveLength(2);
});
