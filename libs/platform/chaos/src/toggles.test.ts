import { expect, test } from 'vitest';
import { chaosText } from './chaos-rule.ts';
import { chaosOf, toggles } from './toggles.ts';

test.each([
  ['CHAOS_PAYMENT_DECLINE', 'true', 'payment=decline(p=1)'],
  ['CHAOS_PAYMENT_DECLINE', '0.5', 'payment=decline(p=0.5)'],
  ['CHAOS_PAYMENT_LATENCY_MS', '500', 'payment:received-*=delay(500ms)'],
  ['CHAOS_KAFKA_DUPLICATE', 'yes', '*=duplicate(p=1)'],
  ['CHAOS_KAFKA_DROP', '0.1', '*=drop(p=0.1)'],
  ['CHAOS_KAFKA_REORDER', '1', '*=reorder(p=1)'],
  ['CHAOS_DB_DOWN', 'payments', '*->payments-db=cut'],
  ['CHAOS_DB_DOWN', 'payments@2s, orders', '*->payments-db=cut(for=2s); *->orders-db=cut'],
  ['CHAOS_BROKER_DOWN', 'on', '*->kafka=cut'],
  ['CHAOS_BROKER_DOWN', '2s', '*->kafka=cut(for=2s)'],
  ['CHAOS_PARTITION', 'order|kafka', 'order->kafka=blackhole; relay-order->kafka=blackhole'],
  ['CHAOS_PARTITION', 'kafka|order', 'order->kafka=blackhole; relay-order->kafka=blackhole'],
  [
    'CHAOS_PARTITION',
    'coordinator|payment@2s',
    'payment->coordinator=blackhole(for=2s); coordinator->payment=blackhole(for=2s)',
  ],
  ['CHAOS_VARIANT', 'no-inbox, dual-write', 'variant=no-inbox; variant=dual-write'],
])('the toggle %s=%s is short for %s', (name, value, text) => {
  expect(chaosText(chaosOf({ [name]: value }))).toBe(text);
});

test('toggles add their rules to those of CHAOS', () => {
  const env = { CHAOS: 'order->kafka=cut;', CHAOS_PAYMENT_DECLINE: '0.5', PATH: '/bin' };
  expect(chaosText(chaosOf(env))).toBe('order->kafka=cut; payment=decline(p=0.5)');
  expect(chaosOf({ CHAOS_SEED: '7', CHAOS_CONTROL: 'on', CHAOS_LINKS: 'on' })).toEqual([]);
});

test.each(['', ' ', '0', 'false', 'no', 'OFF'])('a toggle with the value "%s" is off', (value) => {
  const env = Object.fromEntries(toggles().map(({ name }) => [name, value]));
  expect(chaosOf(env)).toEqual([]);
});

test('a misspelt toggle is refused with the nearest name', () => {
  expect(said({ CHAOS_PAYMENT_DECLIN: 'true' })).toMatch(
    /^CHAOS_PAYMENT_DECLIN is set, and nothing reads it\. Did you mean 'CHAOS_PAYMENT_DECLINE'\?/,
  );
  expect(said({ CHAOS_UNHEARD_OF: '' })).toBe('nothing');
});

test.each([
  ['CHAOS_PAYMENT_DECLINE', 'perhaps', 'expected true or a probability: 0.5'],
  ['CHAOS_PAYMENT_DECLINE', '1.5', 'expected true or a probability: 0.5'],
  ['CHAOS_PAYMENT_LATENCY_MS', '1s', 'expected whole milliseconds: 500'],
  ['CHAOS_KAFKA_DROP', '10%', 'expected true or a probability: 0.1'],
  ['CHAOS_DB_DOWN', 'payment', 'expected orders, payments, inventory, coordinator'],
  ['CHAOS_DB_DOWN', 'true', 'expected orders, payments, inventory, coordinator'],
  ['CHAOS_DB_DOWN', 'constructor', 'expected orders, payments, inventory, coordinator'],
  ['CHAOS_BROKER_DOWN', 'kafka', 'expected true or a duration: 2s'],
  ['CHAOS_PARTITION', 'order', 'expected order, payment or inventory, and kafka or coordinator'],
  ['CHAOS_PARTITION', 'order|payment', 'expected order, payment or inventory, and kafka'],
  ['CHAOS_PARTITION', 'coordinator|kafka', 'expected order, payment or inventory, and kafka'],
])('the toggle %s=%s is refused: %s', (name, value, says) => {
  expect(said({ [name]: value })).toContain(`${name} is "${value}"; ${says}`);
});

test('the error about a rule of a toggle names the toggle', () => {
  expect(said({ CHAOS_VARIANT: 'no-inbx' })).toMatch(
    /^CHAOS_VARIANT: in "variant=no-inbx": .* Did you mean 'no-inbox'\?/,
  );
  expect(said({ CHAOS_BROKER_DOWN: '0s' })).toMatch(/^CHAOS_BROKER_DOWN: in .*"for=0s" cannot be/);
  expect(said({ CHAOS: 'order->kafka=sut', CHAOS_KAFKA_DROP: 'true' })).toMatch(/^CHAOS: in/);
});

test('the error about two toggles that contradict each other names both', () => {
  expect(said({ CHAOS_KAFKA_DROP: 'true', CHAOS_KAFKA_DUPLICATE: 'true' })).toMatch(
    /^CHAOS_KAFKA_DROP and CHAOS_KAFKA_DUPLICATE: .* contradict each other/,
  );
  expect(said({ CHAOS: 'order->kafka=delay(5ms)', CHAOS_BROKER_DOWN: 'true' })).toMatch(
    /^CHAOS and CHAOS_BROKER_DOWN: .* contradict each other: nothing passes order->kafka/,
  );
  expect(said({ CHAOS_PARTITION: 'order|kafka', CHAOS_BROKER_DOWN: '2s' })).toContain('contradict');
  expect(said({ CHAOS_PARTITION: 'order|kafka@1s', CHAOS_BROKER_DOWN: '2s' })).toBe('nothing');
});

function said(env: Record<string, string>): string {
  try {
    chaosOf(env);
    return 'nothing';
  } catch (error) {
    const { message } = error as Error;
    for (const line of message.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    return message.replaceAll('\n', ' ');
  }
}
