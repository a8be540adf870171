import { z } from 'zod';
import { route } from '../server/route.ts';

type Labels = Record<string, string>;

/** One thing that is counted or measured, with its values now. */
export type Metric = {
  /** As Prometheus wants it: snake_case, base units, `_total` at the end of a counter. */
  name: string;
  help: string;
} & (
  | {
      /** A counter only grows; a gauge is what is the case now. */
      kind: 'counter' | 'gauge';
      /** Every sample of a name has the same labels. */
      samples: { labels: Labels; value: number }[];
    }
  | {
      /** How often a value fell into which range. */
      kind: 'histogram';
      /** The upper end of each range but the last, which has none; ascending. */
      bounds: readonly number[];
      /** How many fell into each range alone (one more than bounds), and the sum of all. */
      samples: { labels: Labels; counts: readonly number[]; sum: number }[];
    }
);

type Source = () => Metric[] | Promise<Metric[]>;

const sources = new Set<Source>();

/**
 * Adds something to this process's metrics. A source is asked only when somebody looks: whoever
 * counts needs a plain number and no library. One that asks others must bound that itself.
 * @returns what takes it out again
 */
export function addMetrics(source: Source): () => void {
  sources.add(source);
  return () => sources.delete(source);
}

/** GET /metrics: what this process counts. */
export const metricsRoute = route(
  {
    method: 'GET',
    path: '/metrics',
    summary: 'What this process counts, in the text format of Prometheus.',
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

/** @returns all metrics of this process, each name once */
export async function renderMetrics(): Promise<{ contentType: string; text: string }> {
  // Reading it takes a process 40 ms: at the first question, and not at the start.
  const { Registry } = await import('@prometheus-io/client');
  const metrics = await Promise.all([...sources].map(async (source) => source()));
  // Meant for the workers of a cluster: the same name of several sources becomes one metric.
  const registry = Registry.aggregate(metrics.map((each) => each.map(asJson)));
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** As the library itself writes down a metric. */
function asJson(metric: Metric) {
  const { name, help, kind: type } = metric;
  if (metric.kind !== 'histogram') return { name, help, type, values: metric.samples };
  return { name, help, type, values: metric.samples.flatMap((one) => series(metric, one)) };
}

type Histogram = Extract<Metric, { kind: 'histogram' }>;

/** A range contains all that are below it: that is how Prometheus adds ranges up. */
function series({ name, bounds }: Histogram, { labels, counts, sum }: Histogram['samples'][0]) {
  let below = 0;
  const buckets = counts.map((count, index) => {
    below += count;
    const le = String(bounds[index] ?? '+Inf');
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  ];
}
