import { Failure, type FailureCode } from '@indoubt/failure';
import { type EventName, useRecord } from '@indoubt/record';
import { expect, onTestFinished, test } from 'vitest';
import { type Breaker, createBreaker } from './breaker.ts';
import { OutOfTime } from './failure-of-answer.ts';

const SETTINGS = { windowMs: 10_000, requestsMin: 4, failedPercent: 50, pauseMs: 20 };

function open(pauseMs = SETTINGS.pauseMs) {
  const events: string[] = [];
  const waiting = new Map<EventName, () => void>();
  useRecord((event) => {
    if ('target' in event) events.push(`${event.event} ${event.target}`);
    waiting.get(event.event)?.();
  });
  const breaker = createBreaker<string>('payment', { ...SETTINGS, pauseMs });
  onTestFinished(() => {
    breaker.close();
    useRecord(() => undefined);
  });
  const until = (event: EventName) => new Promise<void>((done) => waiting.set(event, done));
  return { breaker, events, until };
}

const fails = (code: FailureCode) => async () => {
  throw new Failure(code, 'on purpose');
};

async function times(n: number, breaker: Breaker<string>, attempt: () => Promise<string>) {
  for (let i = 0; i < n; i += 1) await breaker.run(attempt).catch(() => undefined);
}

test.each<[FailureCode]>([['not-reached'], ['timed-out'], ['service-unavailable']])(
  'repeated %s failures open the breaker, and the next request is refused as definite',
  async (code) => {
    const { breaker, events } = open(60_000);
    await times(3, breaker, fails(code));
    expect(breaker.state()).toBe('closed');
    await times(1, breaker, fails(code));
    expect(breaker.state()).toBe('open');
    const running = breaker.run(async () => 'sent');
    await expect(running).rejects.toMatchObject({ code: 'breaker-open', certainty: 'definite' });
    expect(events).toEqual(['breaker-opened payment']);
  },
);

test.each<[FailureCode]>([['payment-declined'], ['not-found'], ['not-allowed'], ['superseded']])(
  'repeated %s failures do not open the breaker, since the target has answered',
  async (code) => {
    const { breaker } = open();
    await times(50, breaker, fails(code));
    expect(breaker.state()).toBe('closed');
  },
);

const outOfTime = (isHurried: boolean) => async () => {
  const cause = new OutOfTime(isHurried);
  throw new Failure('timed-out', 'on purpose', { cause });
};

test('time-outs of attempts with much less time than usual do not open the breaker', async () => {
  const { breaker } = open(60_000);
  await times(50, breaker, outOfTime(true));
  expect(breaker.state()).toBe('closed');
  const { breaker: other } = open(60_000);
  await times(50, other, outOfTime(false));
  expect(other.state()).toBe('open');
});

test('after a pause one probe is let through, and its success closes the breaker', async () => {
  const { breaker, events, until } = open();
  const halfOpen = until('breaker-half-opened');
  await times(4, breaker, fails('not-reached'));
  await halfOpen;
  expect(breaker.state()).toBe('half-open');
  const probe = Promise.withResolvers<string>();
  const probing = breaker.run(() => probe.promise);
  await expect(breaker.run(async () => 'second')).rejects.toMatchObject({ code: 'breaker-open' });
  probe.resolve('well again');
  expect(await probing).toBe('well again');
  expect(breaker.state()).toBe('closed');
  const names = ['breaker-opened', 'breaker-half-opened', 'breaker-closed'];
  expect(events).toEqual(names.map((name) => `${name} payment`));
});

test.each([
  ['does not reach the target', fails('not-reached'), 'open'],
  ['runs out of a short time', outOfTime(true), 'open'],
  ['is refused by the target', fails('payment-declined'), 'closed'],
] as const)('a probe that %s makes the breaker %s', async (_how, attempt, state) => {
  const { breaker, until } = open();
  const halfOpen = until('breaker-half-opened');
  await times(4, breaker, fails('not-reached'));
  await halfOpen;
  await times(1, breaker, attempt);
  expect(breaker.state()).toBe(state);
});

test('after close a request fails as not-reached and nothing is sent', async () => {
  const { breaker } = open();
  breaker.close();
  await expect(breaker.run(async () => 'sent')).rejects.toMatchObject({ code: 'not-reached' });
});
