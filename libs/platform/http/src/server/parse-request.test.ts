import { expect, test } from 'vitest';
import { z } from 'zod';
import { fit } from './parse-request.ts';

const schema = z.object({ lines: z.array(z.object({ quantity: z.int().min(1) })) });

test('a body that fits is what its schema makes of it', () => {
  const body = { lines: [{ quantity: 1, more: true }] };
  expect(fit('body', schema, body)).toEqual({ lines: [{ quantity: 1 }] });
});

test('each place that does not fit is named', () => {
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

test('a thousand wrong places are not a thousand errors', () => {
  const lines = Array.from({ length: 1_000 }, () => ({ quantity: 0 }));
  const errors = expect.objectContaining({ length: 20 });
  expect(() => fit('body', schema, { lines })).toThrow(expect.objectContaining({ errors }));
});

test('no body at all says how to send one', () => {
  expect(() => fit('body', schema, undefined)).toThrow('Content-Type application/json');
});

test('a query is read by its schema', () => {
  const limits = z.object({ limit: z.coerce.number().max(100) });
  expect(fit('query', limits, { limit: '5' })).toEqual({ limit: 5 });
  expect(() => fit('query', limits, { limit: '500' })).toThrow('query at limit');
});
