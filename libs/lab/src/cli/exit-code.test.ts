import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { EXIT, exitCodeOfError, explainError, worstVerdict } from './exit-code.ts';

test.each([
  [['holds', 'holds'], 'holds', 0],
  [['holds', 'unknown'], 'unknown', 2],
  [['unknown', 'broken', 'holds'], 'broken', 1],
  [[], 'unknown', 2],
] as const)('the worst of the verdicts %j is %s, with exit code %i', (verdicts, worst, code) => {
  const verdict = worstVerdict([...verdicts]);
  expect(verdict).toBe(worst);
  expect(EXIT[verdict]).toBe(code);
});

test('an interrupt has exit code 130, and every other error has exit code 2', () => {
  expect(exitCodeOfError(new Failure('interrupted', 'Kafka: interrupted.'))).toBe(130);
  expect(exitCodeOfError(new Failure('infrastructure-unavailable', 'no Java'))).toBe(2);
  expect(exitCodeOfError(new TypeError('undefined is not a function'))).toBe(2);
});

test('a failure is explained by its message, and a bug by its stack', () => {
  expect(explainError(new Failure('not-found', 'there is no x'))).toBe('there is no x');
  expect(explainError(new TypeError('oops'))).toMatch(/a bug in the lab: TypeError: oops\n +at /);
});
