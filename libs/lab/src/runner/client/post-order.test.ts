import { expect, test } from 'vitest';
import { preference } from './post-order.ts';

test.each([
  [{}, ''],
  [{ coordination: '2pc' }, 'coordination=2pc'],
  [{ presume: 'nothing', lastResource: false }, 'presume=nothing'],
  [
    { coordination: '2pc', presume: 'abort', branches: 'sequential', lastResource: true },
    'coordination=2pc; presume=abort; branches=sequential; last-resource',
  ],
] as const)('%j is preferred as "%s"', (how, prefer) => {
  expect(preference(how)).toBe(prefer);
});
