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

test('the rows are named by their whole ids, once each', () => {
  const saga = '01936b2c-5f00-7c3d-8a4e-9f3a2c0b1d5e';
  const order = saga.replace('0193', '0194');
  const { rows } = violation(`${saga}:reserve-stock:answer of order ${order}, order ${order}`);
  expect(rows).toEqual([`${saga}:reserve-stock:answer`, order]);
  expect(violation('nothing')).toEqual({ text: 'nothing' });
});
