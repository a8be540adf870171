import { expect, test } from 'vitest';
import { preferredCoordination } from './preferred-coordination.ts';

test('without a preference for a coordination the result is empty', () => {
  expect(preferredCoordination(undefined)).toEqual({});
  expect(preferredCoordination('wait=5')).toEqual({});
});

test.each([
  ['coordination=2pc', { coordination: '2pc' }],
  ['Coordination="2PC"', { coordination: '2pc' }],
  ['wait=5, coordination=saga', { coordination: 'saga' }],
  ['coordination=2pc; presume=nothing', { coordination: '2pc', presume: 'nothing' }],
  [
    'coordination=2pc; branches=sequential; last-resource, wait=1',
    { coordination: '2pc', branches: 'sequential', lastResource: true },
  ],
])('the header "Prefer: %s" is read completely', (prefer, wanted) => {
  expect(preferredCoordination(prefer)).toEqual(wanted);
});

test.each([
  'coordination=xa',
  'coordination=',
  'presume=nothing; last-resource',
  'xcoordination=2pc',
])('the invalid preference "%s" is ignored, as RFC 7240 requires', (prefer) => {
  expect(preferredCoordination(prefer)).toEqual({});
});

test('an invalid parameter does not affect the other parameters', () => {
  const read = preferredCoordination('coordination=2pc; presume=everything; branches=parallel');
  expect(read).toEqual({ coordination: '2pc', branches: 'parallel' });
});
