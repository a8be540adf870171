import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { EXIT, exitCodeOfError, explainError, worstVerdict } from './exit-code.ts';

test.each([
  [['holds', 'holds'], 'holds', 0],
  [['holds', 'unknown'], 'unknown', 2],
  [['unknown', 'broken', 'holds'], 'broken', 1],
  [[], 'unknown', 2],
] as const)('%j is %s, exit code %i', (verdicts, worst, code) => {
  const verdict = worstVerdict([...verdicts]);
  expect(verdict).toBe(worst);
  expect(EXIT[verdict]).toBe(code);
});

test('an interrupt is 130, anything else that went wrong is 2', () => {
  expect(exitCodeOfError(new Failure('interrupted', 'Kafka: interrupted.'))).toBe(130);
  expect(exitCodeOfError(new Failure('infrastructure-unavailable', 'no Java'))).toBe(2);
  expect(exitCodeOfError(new TypeError('undefined is not a function'))).toBe(2);
});

test('a failure is told in its own words, a bug with its stack', () => {
  expect(explainError(new Failure('not-found', 'there is no x'))).toBe('there is no x');
  expect(explainError(new TypeError('oops'))).toMatch(/a bug in the lab: TypeError: oops\n +at /);
});
