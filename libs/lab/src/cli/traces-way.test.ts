import { expect, test } from 'vitest';
import { tracesWay } from './traces-way.ts';

test.each([
  [{}, 'otlp'],
  [{ TRACES: '' }, 'otlp'],
  [{ TRACES: 'jaeger' }, 'jaeger'],
  [{ TRACES: 'console' }, 'console'],
  [{ TRACES: 'none' }, 'none'],
])('%j: %s', (env, way) => {
  expect(tracesWay(env)).toBe(way);
});

test('a slip is refused with the nearest, before anything starts', () => {
  expect(() => tracesWay({ TRACES: 'jeager' })).toThrow(
    /Did you mean 'jaeger'\?\nNext: one of otlp/,
  );
});
