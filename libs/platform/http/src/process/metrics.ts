import { register } from '@prometheus-io/client';
import { z } from 'zod';
import { route } from '../server/route.ts';

/** The one place that knows the metrics client: other packages take its classes from here. */
export { Counter, Gauge, Histogram } from '@prometheus-io/client';

type Refresh = () => void | Promise<void>;
type Rendered = { contentType: string; text: string };

const refreshes = new Set<Refresh>();
let rendering: Promise<Rendered> | undefined;

/**
 * Runs `refresh` before each scrape, for metrics that are set together or that must be fetched.
 * `refresh` must bound its own duration and must not throw.
 * @returns a function that removes `refresh`
 */
export function beforeScrape(refresh: Refresh): () => void {
  refreshes.add(refresh);
  return () => refreshes.delete(refresh);
}

/** Removes metrics from the registry; their names can be used again. */
export function removeMetrics(metrics: readonly object[]): void {
  for (const metric of register.getMetricsAsArray()) {
    if (metrics.includes(metric)) register.removeSingleMetric(metric.name);
  }
}

/** GET /metrics: the metrics of this process. */
export const metricsRoute = route(
  {
    method: 'GET',
    path: '/metrics',
    summary: 'The metrics of this process, in the text format of Prometheus.',
    answers: { 200: z.string() },
    problems: [],
    unlimited: true,
    produces: ['text/plain'],
  },
  async ({ response }) => {
    const { contentType, text } = await renderMetrics();
    response.set('content-type', contentType).send(text);
  },
);

/** Concurrent scrapes share one rendering, so no scrape changes values that another one reads. */
export function renderMetrics(): Promise<Rendered> {
  rendering ??= render().finally(() => {
    rendering = undefined;
  });
  return rendering;
}

async function render(): Promise<Rendered> {
  await Promise.all([...refreshes].map(async (refresh) => refresh()));
  return { contentType: register.contentType, text: await register.metrics() };
}
