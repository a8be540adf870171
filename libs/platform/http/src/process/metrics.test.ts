import { expect, onTestFinished, test } from 'vitest';
import { addMetrics, type Metric, renderMetrics } from './metrics.ts';

function add(metric: Metric): void {
  onTestFinished(addMetrics(() => [metric]));
}

const shed = (target: string, value: number): Metric => ({
  name: 'asked_total',
  help: 'Requests',
  kind: 'counter',
  samples: [{ labels: { target }, value }],
});

test('what several sources say under one name becomes one metric', async () => {
  add(shed('payment', 3));
  add(shed('order', 4));
  add({ name: 'waiting', help: 'Now', kind: 'gauge', samples: [{ labels: {}, value: 1.5 }] });
  const { contentType, text } = await renderMetrics();
  expect(contentType).toContain('text/plain');
  expect(text.split('\n').filter((line) => line !== '')).toEqual(
    [
      '# HELP asked_total Requests',
      '# TYPE asked_total counter',
      'asked_total{target="payment"} 3',
      'asked_total{target="order"} 4',
      '',
      '# HELP waiting Now',
      '# TYPE waiting gauge',
      'waiting 1.5',
    ].filter((line) => line !== ''),
  );
});

test('a source that is taken out is not asked any more', async () => {
  const remove = addMetrics(() => [shed('payment', 1)]);
  remove();
  expect((await renderMetrics()).text).not.toContain('asked_total');
});

test('a histogram is told in ranges that contain those below them', async () => {
  add({
    name: 'took_seconds',
    help: 'How long',
    kind: 'histogram',
    bounds: [0.1, 1],
    samples: [{ labels: { step: 'a' }, counts: [2, 1, 1], sum: 7.5 }],
  });
  const { text } = await renderMetrics();
  expect(text.split('\n').filter((line) => line !== '')).toEqual([
    '# HELP took_seconds How long',
    '# TYPE took_seconds histogram',
    'took_seconds_bucket{step="a",le="0.1"} 2',
    'took_seconds_bucket{step="a",le="1"} 3',
    'took_seconds_bucket{step="a",le="+Inf"} 4',
    'took_seconds_sum{step="a"} 7.5',
    'took_seconds_count{step="a"} 4',
  ]);
});

test('a source may take its time, within bounds of its own', async () => {
  const waiting: Metric = { name: 'waiting', help: 'Now', kind: 'gauge', samples: [] };
  onTestFinished(addMetrics(async () => [{ ...waiting, samples: [{ labels: {}, value: 2 }] }]));
  expect((await renderMetrics()).text).toContain('waiting 2');
});
