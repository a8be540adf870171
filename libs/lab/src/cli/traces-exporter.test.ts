import { expect, test } from 'vitest';
import { tracesExporter } from './traces-exporter.ts';

test.each([
  [{}, 'otlp'],
  [{ TRACES: '' }, 'otlp'],
  [{ TRACES: 'jaeger' }, 'jaeger'],
  [{ TRACES: 'console' }, 'console'],
  [{ TRACES: 'none' }, 'none'],
])('the environment %j chooses the exporter %s', (env, exporter) => {
  expect(tracesExporter(env)).toBe(exporter);
});

test('an unknown value of TRACES is refused, and the nearest value is suggested', () => {
  expect(() => tracesExporter({ TRACES: 'jeager' })).toThrow(
    /Did you mean 'jaeger'\?\nNext: set it to one of otlp/,
  );
});
