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

test('each alert asks for metrics that there are', () => {
  expect(EXPRESSIONS).toHaveLength(ALERTS.length);
  expect(unknownSeries(EXPRESSIONS.flatMap(seriesNamedIn), METRICS)).toEqual([]);
});

test('the tests of the rules feed metrics that there are', () => {
  const series = [...RULE_TESTS.matchAll(/- series: '(.+)'$/gm)].flatMap(([, one]) => one ?? []);
  expect(series.length).toBeGreaterThan(0);
  expect(unknownSeries(series.flatMap(seriesNamedIn), METRICS)).toEqual([]);
});

test('the dashboard asks for metrics that there are, and shows every one', () => {
  const dashboard = read('deploy/grafana/dashboards/in-doubt.json');
  const asked = [...dashboard.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)]
    .map(([, text = '']) => String(JSON.parse(text)))
    .flatMap(seriesNamedIn);
  expect(unknownSeries(asked, METRICS)).toEqual([]);
  const seen = asked.map((series) => series.replace(/_bucket$/, ''));
  const unseen = METRICS.filter(({ name }) => !seen.includes(name));
  expect(unseen).toEqual([]);
});

test('each alert is explained where it says that it is, and no other', () => {
  const runbooks = [...RULES.matchAll(/runbook: docs\/metrics\.md#(\S+)/g)].map(([, to]) => to);
  const explained = [...DOC.matchAll(/^### (\w+)$/gm)].map(([, title]) => title);
  expect(explained).toEqual(ALERTS);
  expect(runbooks).toEqual(ALERTS.map((name) => name.toLowerCase()));
  expect(ALERTS.filter((name) => !RULE_TESTS.includes(`alertname: ${name}`))).toEqual([]);
});

test.each([
  ['a plain one', 'sagas_open > 10', ['sagas_open']],
  ['with labels', 'up{job="in-doubt", service=~"a|b"} == 0', ['up']],
  ['in functions', 'sum by (le, status) (rate(x_bucket{le="1"}[1m])) / 2', ['x_bucket']],
  ['two of them', 'a_busy / on (service) group_left a_max', ['a_busy', 'a_max']],
  ['either', 'a_total offset 5m or b_total unless c', ['a_total', 'b_total', 'c']],
  ['named like a word in a label', 'x{or="and"}', ['x']],
])('read from PromQL: %s', (_what, expression, names) => {
  expect(seriesNamedIn(expression)).toEqual(names);
});

test('caught: a metric that nobody documents, and a histogram asked for as if it were one', () => {
  const metrics = documentedMetrics('| `wait_seconds` | histogram | – | all | text |');
  const asked = ['wait_seconds_bucket', 'wait_seconds', 'wait_second_count'];
  expect(unknownSeries(asked, metrics)).toEqual(['wait_seconds', 'wait_second_count']);
});
