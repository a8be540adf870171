import { EventEmitter, once } from 'node:events';
import { type Metric, renderMetrics } from '@indoubt/http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addLook } from './add-look.ts';

let end: () => unknown = () => undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

const depth = (value: number): Metric[] => [
  { name: 'depth', help: 'Rows', kind: 'gauge', samples: [{ labels: {}, value }] },
];

async function lines(): Promise<string[]> {
  const { text } = await renderMetrics();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('a second looker within a second is told what the first one saw', async () => {
  let looks = 0;
  end = addLook('outbox', async () => depth((looks += 1)));
  expect(await lines()).toContain('depth 1');
  await Promise.all([lines(), lines()]);
  expect(looks).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(await lines()).toContain('depth 2');
});

test('lookers at once share one question', async () => {
  let looks = 0;
  end = addLook('outbox', async () => depth((looks += 1)));
  await Promise.all([lines(), lines(), lines()]);
  expect(looks).toBe(1);
});

test('what cannot be seen is left out and counted, and asked no more often for it', async () => {
  let looks = 0;
  end = addLook('outbox', async () => {
    looks += 1;
    throw new Error('the database is away');
  });
  expect(await lines()).toEqual(['metrics_looks_failed_total{what="outbox"} 1']);
  expect(await lines()).toEqual(['metrics_looks_failed_total{what="outbox"} 2']);
  expect(looks).toBe(1);
});

/** A look that answers when it is told to. */
function addSlowLook() {
  const asked: PromiseWithResolvers<Metric[]>[] = [];
  const asking = new EventEmitter();
  end = addLook('broker', () => {
    const answer = Promise.withResolvers<Metric[]>();
    asked.push(answer);
    asking.emit('asked');
    return answer.promise;
  });
  return {
    asked,
    /** The lines, of which it answers meanwhile. */
    async told(end: (answer: PromiseWithResolvers<Metric[]> | undefined) => void) {
      const isAsked = once(asking, 'asked');
      const told = lines();
      await isAsked;
      end(asked.at(-1));
      return told;
    },
    async answers(value: number) {
      const last = asked.at(-1);
      last?.resolve(depth(value));
      await last?.promise;
    },
  };
}

const failed = (times: number) => `metrics_looks_failed_total{what="broker"} ${times}`;
const age = (seconds: number) => `metrics_look_age_seconds{what="broker"} ${seconds}`;

test('a look that hangs holds up nobody for long, and is not asked again beside it', async () => {
  const { asked } = addSlowLook();
  expect(await lines()).toEqual([failed(1)]);
  expect(await lines()).toEqual([failed(2)]);
  expect(asked).toHaveLength(1);
});

test('looks that are always late: each answer is told to the next looker, aged', async () => {
  const { asked, answers } = addSlowLook();
  expect(await lines()).toEqual([failed(1)]);
  for (const value of [3, 4]) {
    await answers(value);
    vi.advanceTimersByTime(2_000);
    expect(await lines()).toEqual([`depth ${value}`, age(2), failed(1)]);
  }
  expect(asked).toHaveLength(3);
  // What was told is not told again as if it were news.
  expect(await lines()).toEqual([failed(2)]);
});

test('a late answer gives way to one that is in time', async () => {
  const { told, answers } = addSlowLook();
  await lines();
  await answers(3);
  vi.advanceTimersByTime(2_000);
  const now = await told((answer) => answer?.resolve(depth(4)));
  expect(now).toEqual(['depth 4', age(0), failed(1)]);
});

test('a late answer is forgotten when it is too old, and when the next look fails', async () => {
  const { told, answers } = addSlowLook();
  await lines();
  await answers(3);
  vi.advanceTimersByTime(120_001);
  expect(await lines()).toEqual([failed(2)]);
  await answers(4);
  vi.advanceTimersByTime(2_000);
  const now = await told((answer) => answer?.reject(new Error('the database is away')));
  expect(now).toEqual([failed(3)]);
});
