import { EventEmitter, once } from 'node:events';
import { renderMetrics } from '@indoubt/http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addCollector, type CollectedGauge } from './add-collector.ts';

let end: () => unknown = () => undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

const DEPTH: CollectedGauge<number> = {
  name: 'depth',
  help: 'Rows',
  values: (depth) => [[{}, depth]],
};

/** The samples of the gauge and of its collector. */
async function samples(): Promise<string[]> {
  const { text } = await renderMetrics();
  return text.split('\n').filter((line) => /^(depth|metrics_collector_\w+)\b/.test(line));
}

const age = (seconds: number) => `metrics_collector_age_seconds{collector="test"} ${seconds}`;
const errors = (count: number) => `metrics_collector_errors_total{collector="test"} ${count}`;

/** A collector whose value is the number of its runs. */
function addCountingCollector() {
  let runs = 0;
  const collect = vi.fn<() => Promise<number>>(async () => (runs += 1));
  end = addCollector('test', collect, [DEPTH]);
  return collect;
}

test('a second scrape within a second gets the cached values and causes no query', async () => {
  const collect = addCountingCollector();
  expect(await samples()).toEqual([age(0), errors(0), 'depth 1']);
  vi.advanceTimersByTime(999);
  expect(await samples()).toEqual([age(0.999), errors(0), 'depth 1']);
  expect(collect).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(await samples()).toEqual([age(0), errors(0), 'depth 2']);
});

test('scrapes at the same time share one query', async () => {
  const collect = addCountingCollector();
  await Promise.all([samples(), samples(), samples()]);
  expect(collect).toHaveBeenCalledTimes(1);
});

test('a series whose labels are no longer collected is not rendered', async () => {
  let topics = ['a', 'b'];
  const values = (all: string[]): [Record<string, string>, number][] =>
    all.map((topic) => [{ topic }, 1]);
  end = addCollector('test', async () => topics, [{ ...DEPTH, labelNames: ['topic'], values }]);
  expect(await samples()).toEqual([age(0), errors(0), 'depth{topic="a"} 1', 'depth{topic="b"} 1']);
  topics = ['b'];
  vi.advanceTimersByTime(1_000);
  expect(await samples()).toEqual([age(0), errors(0), 'depth{topic="b"} 1']);
});

test('a failed collector has no values, and its error is counted at each scrape', async () => {
  const collect = vi
    .fn<() => Promise<number>>()
    .mockRejectedValue(new Error('the database is away'));
  end = addCollector('test', collect, [DEPTH]);
  expect(await samples()).toEqual([errors(1)]);
  expect(await samples()).toEqual([errors(2)]);
  expect(collect).toHaveBeenCalledTimes(1);
});

test('a failure after a success removes the old values', async () => {
  const collect = addCountingCollector();
  expect(await samples()).toContain('depth 1');
  collect.mockRejectedValue(new Error('the database is away'));
  vi.advanceTimersByTime(1_000);
  expect(await samples()).toEqual([errors(1)]);
});

/** A collector that answers when the test says so. */
function addSlowCollector() {
  const runs: PromiseWithResolvers<number>[] = [];
  const starts = new EventEmitter();
  end = addCollector('test', () => {
    const answer = Promise.withResolvers<number>();
    runs.push(answer);
    starts.emit('run');
    return answer.promise;
  }, [DEPTH]);
  return {
    runs,
    /** The samples of a scrape whose run is settled meanwhile. */
    async samplesWhen(settle: (answer: PromiseWithResolvers<number> | undefined) => void) {
      const isRunning = once(starts, 'run');
      const scraped = samples();
      await isRunning;
      settle(runs.at(-1));
      return scraped;
    },
    async answers(value: number) {
      const last = runs.at(-1);
      last?.resolve(value);
      await last?.promise;
    },
  };
}

test('a collector that hangs delays no scrape for long, and is not run twice', async () => {
  const { runs } = addSlowCollector();
  expect(await samples()).toEqual([errors(1)]);
  expect(await samples()).toEqual([errors(2)]);
  expect(runs).toHaveLength(1);
});

test('a late collector gives its snapshot to the next scrape, with its age', async () => {
  const { runs, answers } = addSlowCollector();
  expect(await samples()).toEqual([errors(1)]);
  for (const value of [3, 4]) {
    await answers(value);
    vi.advanceTimersByTime(2_000);
    expect(await samples()).toEqual([age(2), errors(1), `depth ${value}`]);
  }
  expect(runs).toHaveLength(3);
  // A late snapshot is given once, never as if it were new.
  expect(await samples()).toEqual([errors(2)]);
});

test('a late snapshot is dropped for a newer snapshot that is in time', async () => {
  const { samplesWhen, answers } = addSlowCollector();
  await samples();
  await answers(3);
  vi.advanceTimersByTime(2_000);
  const now = await samplesWhen((answer) => answer?.resolve(4));
  expect(now).toEqual([age(0), errors(1), 'depth 4']);
});

test('a late snapshot is dropped when it is too old, and when the next run fails', async () => {
  const { samplesWhen, answers } = addSlowCollector();
  await samples();
  await answers(3);
  vi.advanceTimersByTime(120_001);
  expect(await samples()).toEqual([errors(2)]);
  await answers(4);
  vi.advanceTimersByTime(2_000);
  const now = await samplesWhen((answer) => answer?.reject(new Error('the database is away')));
  expect(now).toEqual([errors(3)]);
});
