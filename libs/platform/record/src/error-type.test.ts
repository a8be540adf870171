import { expect, test } from 'vitest';
import { errorType } from './error-type.ts';

test.each([
  [Object.assign(new Error('order 4711 had no answer'), { code: 'timed-out' }), 'timed-out'],
  [Object.assign(new Error('no'), { code: '40001' }), '40001'],
  [Object.assign(new Error('no'), { code: 7 }), 'Error'],
  [new TypeError('x is undefined'), 'TypeError'],
  ['a string', '_OTHER'],
])('the type of the error %s is %s', (error, type) => {
  expect(errorType(error)).toBe(type);
});
