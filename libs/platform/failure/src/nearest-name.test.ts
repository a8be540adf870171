import { expect, test } from 'vitest';
import { didYouMean, nearestName } from './nearest-name.ts';

const NAMES = ['saga-happy-path', 'saga-compensation', 'relay-crash'];

test.each([
  ['saga-compenstion', 'saga-compensation'],
  ['saga_compensation', 'saga-compensation'],
  ['Relay-Crash', 'relay-crash'],
  ['rely-crsh', 'relay-crash'],
  ['happy', 'saga-happy-path'],
])('the nearest name to %s is %s', (wanted, name) => {
  expect(nearestName(wanted, NAMES)).toBe(name);
});

test.each(['banana', 'x', ''])('no name is near to "%s"', (wanted) => {
  expect(nearestName(wanted, NAMES)).toBeNull();
  expect(didYouMean(wanted, NAMES)).toBe('');
});
