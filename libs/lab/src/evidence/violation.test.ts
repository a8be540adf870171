import { expect, test } from 'vitest';
import { violation } from './violation.ts';

const textOf = (text: string) => violation('message-lost', {}, text).text;

test('an id in the text is shortened to its beginning and end', () => {
  const text = textOf('order 01936b2c-5f00-7c3d-8a4e-9f3a2c0b1d5e:reserve-stock is lost');
  expect(text).toBe('order 0193…0b1d5e:reserve-stock is lost');
});

test('the text is never wider than a line', () => {
  expect(textOf('x'.repeat(100))).toBe('x'.repeat(100));
  expect(textOf('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`);
});

test('the data has full ids, and a step only if the rows are about a step', () => {
  const about = { orderId: '01936b2c-5f00-7c3d-8a4e-9f3a2c0b1d5e' };
  const kind = 'order-pending';
  expect(violation(kind, about, 'pending')).toEqual({ kind, about, text: 'pending' });
  const withStep = { kind, step: 'reserve-stock', about, text: 'pending' };
  expect(violation(kind, about, 'pending', 'reserve-stock')).toEqual(withStep);
});
