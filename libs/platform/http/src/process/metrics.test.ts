import { expect, onTestFinished, test } from 'vitest';
import { beforeScrape, Gauge, removeMetrics, renderMetrics } from './metrics.ts';

/** A gauge whose value is how often it was refreshed. */
function refreshedGauge() {
  const gauge = new Gauge({ name: 'refreshes', help: 'Refreshes' });
  const end = beforeScrape(async () => {
    await Promise.resolve();
    gauge.inc();
  });
  onTestFinished(() => {
    end();
    removeMetrics([gauge]);
  });
  return { gauge, end };
}

test('a refresh ends before the metrics are rendered in the text format', async () => {
  refreshedGauge();
  const { contentType, text } = await renderMetrics();
  expect(contentType).toContain('text/plain');
  expect(text).toContain('# HELP refreshes Refreshes\n# TYPE refreshes gauge\nrefreshes 1\n');
});

test('scrapers at the same time share one refresh', async () => {
  refreshedGauge();
  const texts = await Promise.all([renderMetrics(), renderMetrics()]);
  for (const { text } of texts) expect(text).toContain('\nrefreshes 1\n');
  expect((await renderMetrics()).text).toContain('\nrefreshes 2\n');
});

test('an ended refresh does not run, and a removed metric is not rendered', async () => {
  const { gauge, end } = refreshedGauge();
  end();
  expect((await renderMetrics()).text).toContain('\nrefreshes 0\n');
  removeMetrics([gauge]);
  expect((await renderMetrics()).text).not.toContain('refreshes');
});
