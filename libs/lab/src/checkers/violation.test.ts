import { expect, test } from 'vitest';
import { violation } from './violation.ts';

test('an id is known by both its ends', () => {
  const { text } = violation('order 01936b2c-5f00-7c3d-8a4e-9f3a2c0b1d5e:reserve-stock is lost');
  expect(text).toBe('order 0193…0b1d5e:reserve-stock is lost');
});

test('never wider than the output', () => {
  expect(violation('x'.repeat(100)).text).toBe('x'.repeat(100));
  expect(violation('x'.repeat(101)).text).toBe(`${'x'.repeat(99)}…`);
});
