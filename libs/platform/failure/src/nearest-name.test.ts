import { expect, test } from 'vitest';
import { didYouMean, nearestName } from './nearest-name.ts';

const NAMES = ['saga-happy-path', 'saga-compensation', 'relay-crash'];

test.each([
  ['saga-compenstion', 'saga-compensation'],
  ['saga_compensation', 'saga-compensation'],
  ['Relay-Crash', 'relay-crash'],
  ['rely-crsh', 'relay-crash'],
  ['happy', 'saga-happy-path'],
])('%s: did you mean %s?', (wanted, name) => {
  expect(nearestName(wanted, NAMES)).toBe(name);
});

test.each(['banana', 'x', ''])('%s is near to none', (wanted) => {
  expect(nearestName(wanted, NAMES)).toBeNull();
  expect(didYouMean(wanted, NAMES)).toBe('');
});
