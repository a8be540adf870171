import { type Metric, renderMetrics } from '@indoubt/chassis';
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

test('a look that hangs holds up nobody for long, and is not asked again beside it', async () => {
  const hanging = Promise.withResolvers<Metric[]>();
  let looks = 0;
  end = addLook('broker', () => {
    looks += 1;
    return hanging.promise;
  });
  expect(await lines()).toEqual(['metrics_looks_failed_total{what="broker"} 1']);
  expect(await lines()).toEqual(['metrics_looks_failed_total{what="broker"} 2']);
  expect(looks).toBe(1);
  hanging.resolve(depth(3));
  await hanging.promise;
  expect(await lines()).toContain('depth 3');
});
