import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { InvalidRequest, problemOf, RefusedRequest } from './problem-details.ts';
import { problemOfCode } from './problem-of-code.ts';

test('the problem of a Failure has its code and certainty', () => {
  expect(problemOf(new Failure('insufficient-stock', 'tea: 2 left'))).toEqual({
    body: {
      type: '/problems/insufficient-stock',
      title: 'Not enough stock',
      status: 409,
      detail: 'tea: 2 left',
      code: 'insufficient-stock',
      certainty: 'definite',
    },
    headers: {},
  });
});

test('the problem of an unavailable database has a Retry-After', () => {
  const { body, headers } = problemOf(new Failure('database-unavailable', 'gone'));
  expect(body).toMatchObject({ status: 503, certainty: 'indefinite' });
  expect(headers).toEqual({ 'Retry-After': '1' });
});

test('the problem of a body that does not fit its schema has the path of each error', () => {
  const errors = [{ path: 'lines.0.quantity', message: 'too small' }];
  expect(problemOf(new InvalidRequest('no', errors)).body).toMatchObject({ status: 400, errors });
});

test('the problem of a bug has no text of the error and is indefinite', () => {
  const { body } = problemOf(new TypeError('password is letmein'));
  expect(body).toMatchObject({ status: 500, code: 'internal-error', certainty: 'indefinite' });
  expect(JSON.stringify(body)).not.toContain('letmein');
});

test.each([
  [{ type: 'entity.too.large', status: 413, limit: 65_536 }, 413],
  [{ type: 'entity.parse.failed', status: 400 }, 400],
  [{ type: 'encoding.unsupported', status: 415 }, 415],
  [{ status: 400 }, 400],
  [undefined, 500],
])('the error %o of the body parser becomes a problem with status %s', (error, status) => {
  expect(problemOf(error).body.status).toBe(status);
});

test('the problem of a refused method has the header Allow', () => {
  const refused = new RefusedRequest('method-not-allowed', 'no', { Allow: 'GET, HEAD' });
  expect(problemOf(refused)).toMatchObject({
    body: { status: 405 },
    headers: { Allow: 'GET, HEAD' },
  });
});

test('the problem of an indefinite failure does not show the text of the error', () => {
  const text = 'The database did not answer: connect ECONNREFUSED 127.0.0.1:5432';
  const { body } = problemOf(new Failure('database-unavailable', text));
  expect(body.detail).toMatch(
    /^The connection broke or was refused\..* Repeat the request with the same key\.$/,
  );
});

test('the problem of a transaction in doubt shows the text of the Failure', () => {
  const { body } = problemOf(new Failure('in-doubt', 'Order 7 is in doubt.'));
  expect(body.detail).toBe('Order 7 is in doubt.');
});

test('the problem in-doubt says to repeat the request with the same key', () => {
  expect(problemOfCode('in-doubt').next).toContain(
    'with the same Idempotency-Key, never with a new',
  );
});
