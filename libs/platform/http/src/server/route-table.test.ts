import { expect, test } from 'vitest';
import { routeTable } from './route-table.ts';

const table = routeTable([
  { pattern: '/orders', methods: ['POST'] },
  { pattern: '/orders', methods: ['GET'] },
  { pattern: '/orders/:id', methods: ['GET'] },
  { pattern: '/a.b', methods: ['PUT'] },
]);

test.each([
  ['GET', '/orders/7', '/orders/:id'],
  ['GET', '/Orders/', '/orders'],
  ['DELETE', '/orders', '/orders'],
  ['GET', '/orders/7/lines', undefined],
  ['PUT', '/axb', undefined],
])('the pattern of %s %s is %s', (method, path, pattern) => {
  expect(table.patternOf(method, path)).toBe(pattern);
});

test('the methods of a path are those of all its routes, and HEAD for GET', () => {
  expect(table.methodsOf('/orders')).toEqual(['POST', 'GET', 'HEAD']);
  expect(table.methodsOf('/nowhere')).toEqual([]);
});
