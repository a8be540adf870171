import { z } from 'zod';
import { route } from './route.ts';

/** One thing that is counted or measured, with its values now. */
export interface Metric {
  /** As Prometheus wants it: snake_case, `_total` at the end of a counter. */
  name: string;
  help: string;
  /** A counter only grows; a gauge is what is the case now. */
  kind: 'counter' | 'gauge';
  /** Every sample of a name has the same labels. */
  samples: { labels: Record<string, string>; value: number }[];
}

type Source = () => Metric[];

const sources = new Set<Source>();

/**
 * Adds something to this process's metrics. A source is asked only when somebody looks: whoever
 * counts needs a plain number and no library.
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
  const { Counter, Gauge, Registry } = await import('@prometheus-io/client');
  const registry = new Registry();
  for (const [name, [first, ...others]] of byName()) {
    const { help, kind } = first;
    const samples = [first, ...others].flatMap((metric) => metric.samples);
    const labelNames = Object.keys(samples[0]?.labels ?? {});
    const own = { name, help, labelNames, registers: [registry] };
    const metric = kind === 'counter' ? new Counter(own) : new Gauge(own);
    for (const { labels, value } of samples) metric.inc(labels, value);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function byName(): Map<string, [Metric, ...Metric[]]> {
  const metrics = new Map<string, [Metric, ...Metric[]]>();
  for (const metric of [...sources].flatMap((source) => source())) {
    const others = metrics.get(metric.name);
    if (others === undefined) metrics.set(metric.name, [metric]);
    else others.push(metric);
  }
  return metrics;
}
