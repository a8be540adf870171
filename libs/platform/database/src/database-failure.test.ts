import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { asFailure, isConflict } from './database-failure.ts';

const withCode = (code: string) => Object.assign(new Error('no'), { code });

test('a deadlock and a serialization failure are conflicts, a unique violation is not', () => {
  expect(isConflict(withCode('40P01'))).toBe(true);
  expect(isConflict(withCode('40001'))).toBe(true);
  expect(isConflict(withCode('23505'))).toBe(false);
});

test.each(['ECONNREFUSED', '57P01', '08006', '53300', '57014', '25P03', '40P01'])(
  'the error %s becomes an indefinite Failure',
  (code) => {
    const failure = asFailure(withCode(code));
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).certainty).toBe('indefinite');
  },
);

test('the error code of an AggregateError is that of its first error', () => {
  const error = new AggregateError([withCode('ECONNREFUSED')], 'all failed');
  expect(asFailure(error)).toBeInstanceOf(Failure);
});

test('the error of a violated constraint is not turned into a Failure', () => {
  const error = withCode('23505');
  expect(asFailure(error)).toBe(error);
});
