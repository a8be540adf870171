import { Failure } from '@indoubt/failure';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINKS, MESSAGE_TOPICS, VARIANTS } from './chaos-names.ts';
import { FAILPOINTS } from './failpoints.ts';
import { ACTIONS, parseChaos } from './parse-chaos.ts';

const ORDER = '01930000-0000-7000-8000-000000000001';

function only(text: string) {
  const [rule, ...others] = parseChaos(text);
  expect(others).toEqual([]);
  return rule;
}

test('rules are joined by semicolons, and empty parts and spaces are ignored', () => {
  expect(parseChaos(' ; ;')).toEqual([]);
  const text = 'order:placed-not-committed = crash @2 ; payment->kafka=cut;';
  expect(parseChaos(text).map(({ kind }) => kind)).toEqual(['failpoint', 'link']);
});

test('a rule about a crash point is PROCESS:WINDOW=ACTION with triggers', () => {
  expect(only(`payment:acted-not-committed=delay(50ms,p=0.2,order=${ORDER})`)).toEqual({
    kind: 'failpoint',
    text: `payment:acted-not-committed=delay(50ms,p=0.2,order=${ORDER})`,
    at: ['payment:acted-not-committed'],
    action: 'delay',
    delayMs: 50,
    trigger: { probability: 0.2, orderId: ORDER },
  });
  expect(only('payment:acted-not-committed=crash@3')).toMatchObject({ trigger: { hit: 3 } });
  expect(only('payment:acted-not-committed=error(every=2)')).toMatchObject({
    trigger: { every: 2 },
  });
});

test('a rule about a link is FROM->TO=ACTION with an optional duration and direction', () => {
  expect(only('order->orders-db=blackhole(in,for=1.5s)')).toEqual({
    kind: 'link',
    text: 'order->orders-db=blackhole(in,for=1.5s)',
    links: ['order->orders-db'],
    action: 'blackhole',
    direction: 'in',
    delayMs: 0,
    jitterMs: 0,
    bytesPerSecond: 0,
    forMs: 1_500,
  });
  const late = only('coordinator->payment=delay(20ms,jitter=5ms)');
  expect(late).toMatchObject({ delayMs: 20, jitterMs: 5, direction: 'both', forMs: null });
  const slow = only('payment->kafka=throttle(rate=10kB)');
  expect(slow).toMatchObject({ action: 'throttle', bytesPerSecond: 10_000 });
});

test('rules about messages, declined payments and broken variants are parsed', () => {
  expect(only('saga.replies=drop(p=0.5)')).toEqual({
    kind: 'message',
    text: 'saga.replies=drop(p=0.5)',
    topics: ['saga.replies'],
    action: 'drop',
    trigger: { probability: 0.5 },
  });
  expect(only('payment=decline')).toEqual({
    kind: 'decline',
    text: 'payment=decline',
    trigger: {},
  });
  expect(only('variant=no-inbox')).toMatchObject({ kind: 'variant', variant: 'no-inbox' });
});

test('a star matches every window of a process, every link to a database or every topic', () => {
  const ofPayment = FAILPOINTS.filter(({ process }) => process === 'payment');
  expect(only('payment:*=crash')).toMatchObject({ at: ofPayment.map(({ name }) => name) });
  const links = ['payment->payments-db', 'relay-payment->payments-db'];
  expect(only('*->payments-db=cut')).toMatchObject({ links });
  expect(only('*=drop')).toMatchObject({ topics: MESSAGE_TOPICS });
});

const AT = 'payment:acted-not-committed';
test.each([
  ['nonsense', 'the rule is not TARGET=ACTION'],
  [`${AT}=delay(50ms`, 'the rule is not TARGET=ACTION'],
  ['paymnt:acted-not-committed=crash', `"paymnt" is not a process with crash points. Did you mean`],
  ['payment:acted-not-comitted=crash', `"acted-not-comitted" is not a window of payment. Did you`],
  ['acted-not-committed=crash', `Did you mean 'payment:acted-not-committed'?`],
  [`${AT}=crush`, `"crush" is not an action at a crash point. Did you mean 'crash'?`],
  [`${AT}=Crash`, `"Crash" is not an action at a crash point. Did you mean 'crash'?`],
  [`${AT}=drop`, '"drop" is not an action at a crash point.'],
  ['order->kafak=cut', `"kafak" is not an end of a link of order. Did you mean 'kafka'?`],
  ['ordr->kafka=cut', `"ordr" is not a process that opens connections. Did you mean 'order'?`],
  ['order->payments-db=cut', '"payments-db" is not an end of a link of order.'],
  ['order->kafka=crash', '"crash" is not an action on a link.'],
  ['order->kafka=cut@1', 'a fault of a link has a duration (for=2s), not hits'],
  ['order->kafka=cut(out)', 'cut takes no "out"'],
  ['order->kafka=throttle', 'throttle needs a rate'],
  ['order->kafka=throttle(rate=0kB)', '"rate=0kB" cannot be read'],
  ['order->kafka=delay(59m,jitter=2m)', 'at most an hour'],
  ['saga.replis=drop', `"saga.replis" is not a topic, a crash point (PROCESS:WINDOW) or a link`],
  ['saga.replis=drop', `Did you mean 'saga.replies'?`],
  ['saga.replies=crash', '"crash" is not an action on the messages of a topic.'],
  ['payment=crash', '"crash" is not an action of payment itself'],
  ['variant=no-inbx', `"no-inbx" is not a broken variant. Did you mean 'no-inbox'?`],
  ['variant=no-inbox@1', 'a variant takes no arguments and no @HIT.'],
])('the rule "%s" is refused with an error that contains: %s', (text, says) => {
  expect(saidOf(text)).toContain(says);
});

function saidOf(text: string, source?: string): string {
  try {
    parseChaos(text, source);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).toBe('invalid-config');
    return (error as Failure).message.replaceAll('\n', ' ');
  }
  return 'nothing';
}

test('the message names the source and the wrong part, and says where to read more', () => {
  const text = `${AT}=crash@1; order:nowhere=crash`;
  expect(saidOf(text, '--chaos')).toMatch(
    /^--chaos: in "order:nowhere=crash": "nowhere" is not a /,
  );
  expect(saidOf(text)).toMatch(/^CHAOS: .* 'scenario failpoints' prints all crash points/);
});

const of = (targets: readonly string[], actions: readonly string[], args: string[]) =>
  fc
    .tuple(fc.constantFrom(...targets), fc.constantFrom(...actions), fc.constantFrom(...args))
    .map(([target, action, behind]) => `${target}=${action}${behind}`);
const names = FAILPOINTS.map(({ name }) => name);
const WHEN = ['', '@12', '(p=0.5)', '(every=2)', `(order=${ORDER})@1`];
const plausible = fc.oneof(
  of([...names, 'payment:*'], ACTIONS.failpoint, [...WHEN, '(50ms,p=0.25)']),
  of([...LINKS, '*->kafka'], ACTIONS.link, ['', '(50ms,jitter=5ms,in)', '(rate=1kB)', '(for=2s)']),
  of([...MESSAGE_TOPICS, '*'], ACTIONS.message, WHEN),
  of(['payment'], ACTIONS.decline, WHEN),
  of(['variant'], Object.keys(VARIANTS), ['']),
);

function parsed(text: string) {
  try {
    return parseChaos(text);
  } catch (error) {
    if (error instanceof Failure && error.code === 'invalid-config') return error;
    throw error;
  }
}

test('parsing the text of a rule gives the same rule again', () => {
  let count = 0;
  const check = (text: string) => {
    const rules = parsed(text);
    if (rules instanceof Failure) return;
    count += 1;
    expect(rules.map((rule) => only(rule.text))).toEqual(rules);
  };
  fc.assert(fc.property(plausible, check), { numRuns: 2_000 });
  expect(count).toBeGreaterThan(500);
});

test('any text is parsed into rules, or refused in lines of at most 100 characters', () => {
  const pieces = fc.constantFrom('=', '(', ')', ',', '@', ';', '*', '->', ':', '__proto__', 'p=');
  const garbage = fc
    .array(fc.oneof(pieces, fc.string(), plausible, fc.constantFrom('crash', 'toString', '5ms')))
    .map((parts) => parts.join(''));
  const check = (text: string) => {
    const found = parsed(text);
    if (!(found instanceof Failure)) return;
    for (const line of found.message.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  };
  fc.assert(fc.property(garbage, check), { numRuns: 2_000 });
});

test('a pattern of many stars is refused within a second', () => {
  const startedAt = performance.now();
  expect(saidOf(`${'*'.repeat(5_000)}x:y=crash`)).toContain('is not a process with crash points');
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
