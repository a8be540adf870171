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
])('%s %s is declared as %s', (method, path, pattern) => {
  expect(table.patternOf(method, path)).toBe(pattern);
});

test('a path answers the methods of all its routes', () => {
  expect(table.methodsOf('/orders')).toEqual(['POST', 'GET', 'HEAD']);
  expect(table.methodsOf('/nowhere')).toEqual([]);
});
