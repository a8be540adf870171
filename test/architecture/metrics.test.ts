import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentedMetrics, seriesNamedIn, unknownSeries } from './named-metrics.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const DOC = read('docs/metrics.md');
const METRICS = documentedMetrics(DOC);
const RULES = read('deploy/prometheus/alerts.yml');
const RULE_TESTS = read('deploy/prometheus/alerts.test.yml');

const EXPRESSIONS = [...RULES.matchAll(/^ +expr: (.+)$/gm)].flatMap(([, expr]) => expr ?? []);
const ALERTS = [...RULES.matchAll(/- alert: (\w+)/g)].flatMap(([, name]) => name ?? []);

test('each alert uses only documented metrics', () => {
  expect(EXPRESSIONS).toHaveLength(ALERTS.length);
  expect(unknownSeries(EXPRESSIONS.flatMap(seriesNamedIn), METRICS)).toEqual([]);
});

test('the tests of the alert rules use only documented metrics', () => {
  const series = [...RULE_TESTS.matchAll(/- series: '(.+)'$/gm)].flatMap(([, one]) => one ?? []);
  expect(series.length).toBeGreaterThan(0);
  expect(unknownSeries(series.flatMap(seriesNamedIn), METRICS)).toEqual([]);
});

test('the dashboard shows every documented metric and no other', () => {
  const dashboard = read('deploy/grafana/dashboards/in-doubt.json');
  const queried = [...dashboard.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)]
    .map(([, text = '']) => String(JSON.parse(text)))
    .flatMap(seriesNamedIn);
  expect(unknownSeries(queried, METRICS)).toEqual([]);
  const seen = queried.map((series) => series.replace(/_bucket$/, ''));
  const unseen = METRICS.filter(({ name }) => !seen.includes(name));
  expect(unseen).toEqual([]);
});

test('each alert links to its explanation in docs/metrics.md and has a test', () => {
  const runbooks = [...RULES.matchAll(/runbook: docs\/metrics\.md#(\S+)/g)].map(([, to]) => to);
  const explained = [...DOC.matchAll(/^### (\w+)$/gm)].map(([, title]) => title);
  expect(explained).toEqual(ALERTS);
  expect(runbooks).toEqual(ALERTS.map((name) => name.toLowerCase()));
  expect(ALERTS.filter((name) => !RULE_TESTS.includes(`alertname: ${name}`))).toEqual([]);
});

test.each([
  ['a plain name', 'sagas_open > 10', ['sagas_open']],
  ['a name with labels', 'up{job="in-doubt", service=~"a|b"} == 0', ['up']],
  ['a name in functions', 'sum by (le, status) (rate(x_bucket{le="1"}[1m])) / 2', ['x_bucket']],
  ['two names', 'a_busy / on (service) group_left a_max', ['a_busy', 'a_max']],
  [
    'names with set operators',
    'a_total offset 5m or b_total unless c',
    ['a_total', 'b_total', 'c'],
  ],
  ['a label value that is a keyword', 'x{or="and"}', ['x']],
])('metric names are read from PromQL: %s', (_what, expression, names) => {
  expect(seriesNamedIn(expression)).toEqual(names);
});

test('an unknown metric and a histogram without a suffix are reported', () => {
  const metrics = documentedMetrics('| `wait_seconds` | histogram | – | all | text |');
  const queried = ['wait_seconds_bucket', 'wait_seconds', 'wait_second_count'];
  expect(unknownSeries(queried, metrics)).toEqual(['wait_seconds', 'wait_second_count']);
});
