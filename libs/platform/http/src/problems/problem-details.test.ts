import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { InvalidRequest, problemOf, RefusedRequest } from './problem-details.ts';
import { problemOfCode } from './problem-of-code.ts';

test('a failure says its code, and whether it may have happened', () => {
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

test('what is down now is worth asking again', () => {
  const { body, headers } = problemOf(new Failure('database-unavailable', 'gone'));
  expect(body).toMatchObject({ status: 503, certainty: 'indefinite' });
  expect(headers).toEqual({ 'Retry-After': '1' });
});

test('a body that does not fit says where', () => {
  const errors = [{ path: 'lines.0.quantity', message: 'too small' }];
  expect(problemOf(new InvalidRequest('no', errors)).body).toMatchObject({ status: 400, errors });
});

test('a bug tells nothing of itself, and may have happened', () => {
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
])('what the body parser throws: %o', (error, status) => {
  expect(problemOf(error).body.status).toBe(status);
});

test('a refused method says which are allowed', () => {
  const refused = new RefusedRequest('method-not-allowed', 'no', { Allow: 'GET, HEAD' });
  expect(problemOf(refused)).toMatchObject({
    body: { status: 405 },
    headers: { Allow: 'GET, HEAD' },
  });
});

test('an accident names nothing that is behind us, whatever it is called', () => {
  const text = 'The database did not answer: connect ECONNREFUSED 127.0.0.1:5432';
  const { body } = problemOf(new Failure('database-unavailable', text));
  expect(body.detail).toMatch(
    /^The connection broke or was refused\..* Ask again with the same key\.$/,
  );
});

test('what is in doubt is told in its own words', () => {
  const { body } = problemOf(new Failure('in-doubt', 'Order 7 is in doubt.'));
  expect(body.detail).toBe('Order 7 is in doubt.');
});

test('what is in doubt is repeated with its key, and never with a new one', () => {
  expect(problemOfCode('in-doubt').next).toContain(
    'with the same Idempotency-Key, never with a new',
  );
});
