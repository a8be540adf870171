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
] as const)('the Prefer header of %j is "%s"', (options, prefer) => {
  expect(preference(options)).toBe(prefer);
});
