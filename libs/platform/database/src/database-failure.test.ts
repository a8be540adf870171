import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { asFailure, isConflict } from './database-failure.ts';

const withCode = (code: string) => Object.assign(new Error('no'), { code });

test('a deadlock victim and a serialization failure are worth another run', () => {
  expect(isConflict(withCode('40P01'))).toBe(true);
  expect(isConflict(withCode('40001'))).toBe(true);
  expect(isConflict(withCode('23505'))).toBe(false);
});

test.each(['ECONNREFUSED', '57P01', '08006', '53300', '57014', '25P03', '40P01'])(
  '%s: it may have happened',
  (code) => {
    const failure = asFailure(withCode(code));
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).certainty).toBe('indefinite');
  },
);

test('a refused dual-stack connection hides its code one level down', () => {
  const error = new AggregateError([withCode('ECONNREFUSED')], 'all failed');
  expect(asFailure(error)).toBeInstanceOf(Failure);
});

test('a bug stays a bug: a violated constraint is passed on', () => {
  const error = withCode('23505');
  expect(asFailure(error)).toBe(error);
});
