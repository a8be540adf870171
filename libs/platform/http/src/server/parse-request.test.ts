import { expect, test } from 'vitest';
import { z } from 'zod';
import { fit } from './parse-request.ts';

const schema = z.object({ lines: z.array(z.object({ quantity: z.int().min(1) })) });

test('a valid body is parsed by its schema', () => {
  const body = { lines: [{ quantity: 1, more: true }] };
  expect(fit('body', schema, body)).toEqual({ lines: [{ quantity: 1 }] });
});

test('the error names each place that does not fit the schema', () => {
  const body = { lines: [{ quantity: 0 }, { quantity: 'two' }] };
  expect(() => fit('body', schema, body)).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      message: expect.stringContaining('body at lines.0.quantity'),
      errors: [
        { path: 'lines.0.quantity', message: expect.any(String) },
        { path: 'lines.1.quantity', message: expect.any(String) },
      ],
    }),
  );
});

test('the error names at most 20 wrong places', () => {
  const lines = Array.from({ length: 1_000 }, () => ({ quantity: 0 }));
  const errors = expect.objectContaining({ length: 20 });
  expect(() => fit('body', schema, { lines })).toThrow(expect.objectContaining({ errors }));
});

test('the error about a missing body says how to send a body', () => {
  expect(() => fit('body', schema, undefined)).toThrow('Content-Type application/json');
});

test('a query is parsed by its schema', () => {
  const limits = z.object({ limit: z.coerce.number().max(100) });
  expect(fit('query', limits, { limit: '5' })).toEqual({ limit: 5 });
  expect(() => fit('query', limits, { limit: '500' })).toThrow('query at limit');
});
