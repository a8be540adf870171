import { expect, test } from 'vitest';
import { scheduleOf } from './read-schedule.ts';

const GOOD = {
  seed: 1,
  durationMs: 1_000,
  rate: 5,
  coordination: 'all',
  chaos: '',
  steps: [{ atMs: 5, kind: 'kill', process: 'payment' }],
};
const withStep = (step: object) => ({ ...GOOD, steps: [{ atMs: 5, ...step }] });

test('a good one is read', () => {
  expect(scheduleOf(GOOD)).toEqual(GOOD);
});

test.each([
  [null, /no object/],
  [{ ...GOOD, seed: 'x' }, /seed/],
  [{ ...GOOD, durationMs: -1 }, /durationMs/],
  [{ ...GOOD, rate: 0 }, /rate/],
  [{ ...GOOD, coordination: 'both' }, /coordination is none of saga, 2pc, all/],
  [{ ...GOOD, chaos: 'variant=none' }, /"none" is no broken variant/],
  [{ ...GOOD, steps: {} }, /steps is no list/],
  [withStep({ kind: 'kill', process: 'paiment' }), /steps\[0\]: no such process/],
  [withStep({ kind: 'server', server: 'redis', downMs: 1 }), /no such server/],
  [withStep({ kind: 'pause', process: 'order' }), /forMs is no duration/],
  [withStep({ kind: 'hold', name: 'order:nowhere', rules: '', forMs: 1 }), /no such crash point/],
  [withStep({ kind: 'arm', rules: 'payment:nowhere=crash' }), /steps\[0\]: in "payment:nowhere/],
  [withStep({ kind: 'melt' }), /no such kind of step/],
  [withStep({ kind: 'calm', atMs: 'soon' }), /steps\[0\]\.atMs/],
])('a wrong one is refused, and which part is said: %#', (document, message) => {
  expect(() => scheduleOf(document)).toThrow(message);
});
