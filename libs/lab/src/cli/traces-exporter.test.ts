import { expect, test } from 'vitest';
import { tracesExporter } from './traces-exporter.ts';

test.each([
  [{}, 'otlp'],
  [{ TRACES: '' }, 'otlp'],
  [{ TRACES: 'jaeger' }, 'jaeger'],
  [{ TRACES: 'console' }, 'console'],
  [{ TRACES: 'none' }, 'none'],
])('TRACES of %j chooses %s', (env, exporter) => {
  expect(tracesExporter(env)).toBe(exporter);
});

test('a slip is refused with the nearest, before anything starts', () => {
  expect(() => tracesExporter({ TRACES: 'jeager' })).toThrow(
    /Did you mean 'jaeger'\?\nNext: one of otlp/,
  );
});
