import { expect, test } from 'vitest';
import { coordinationVariable } from './program.ts';

test.each([
  [{}, 'INDOUBT_COORDINATION'],
  [{ COORDINATION: '2pc' }, 'COORDINATION'],
  [{ COORDINATION: '2pc', INDOUBT_COORDINATION: '' }, 'COORDINATION'],
  [{ COORDINATION: '2pc', INDOUBT_COORDINATION: 'saga' }, 'INDOUBT_COORDINATION'],
  [{ COORDINATION: '' }, 'INDOUBT_COORDINATION'],
])('with the environment %j the coordination is read from %s', (env, name) => {
  expect(coordinationVariable(env)).toBe(name);
});
