import { expect, test } from 'vitest';
import { metricIn } from './metric-in.ts';

const TEXT = `# HELP breaker_open Whether a breaker is open.
# TYPE breaker_open gauge
breaker_open{to="card-processor",zone="a"} 1
breaker_open{to="coordinator"} 0
requests_total 7
requests_total_created 9
`;

test.each([
  ['breaker_open', { to: 'card-processor' }, 1],
  ['breaker_open', { to: 'coordinator' }, 0],
  ['breaker_open', {}, 1],
  ['requests_total', {}, 7],
  ['requests_total', { to: 'nobody' }, undefined],
  ['requests', {}, undefined],
] as const)('the metric %s with the labels %j is %s', (name, labels, value) => {
  expect(metricIn(TEXT, name, labels)).toBe(value);
});
