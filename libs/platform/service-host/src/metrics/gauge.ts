import type { Metric } from '@indoubt/http';

type Value = [labels: Record<string, string>, value: number];

/** What is the case now, with a value for each set of labels. */
export function gauge(name: string, help: string, values: Value[]): Metric {
  const samples = values.map(([labels, value]) => ({ labels, value }));
  return { name, help, kind: 'gauge', samples };
}
