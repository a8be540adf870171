/** A metric as docs/metrics.md describes it. */
export interface DocumentedMetric {
  name: string;
  type: string;
}

const ROW = /^\| `([a-z_0-9]+)` \| (counter|gauge|histogram) \|/gm;

/** The metrics of docs/metrics.md. Pure. */
export function documentedMetrics(markdown: string): DocumentedMetric[] {
  return [...markdown.matchAll(ROW)].map(([, name = '', type = '']) => ({ name, type }));
}

const NO_METRIC = [
  /"(?:[^"\\]|\\.)*"/g, // label values
  /\{[^{}]*\}/g, // labels
  /\[[^\]]*\]/g, // range of time
  /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g,
  /\b(?:group_left|group_right|and|or|unless|bool|offset)\b/g,
  /\b[a-z_]\w*\s*(?=\()/g, // functions
  /\b\d[\w.]*/g, // numbers, durations
];

/** The names of the series in an expression of PromQL. Pure. */
export function seriesNamedIn(expression: string): string[] {
  const left = NO_METRIC.reduce((text, each) => text.replace(each, ' '), expression);
  return [...new Set(left.match(/[a-zA-Z_:][\w:]*/g) ?? [])];
}

/** Series that Prometheus makes itself. */
const OF_PROMETHEUS = ['up', 'ALERTS'];

/** The series that no metric has. A histogram has three series, and no series of its own name. */
export function unknownSeries(series: readonly string[], metrics: readonly DocumentedMetric[]) {
  const given = metrics.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return series.filter((each) => !given.includes(each) && !OF_PROMETHEUS.includes(each));
}
