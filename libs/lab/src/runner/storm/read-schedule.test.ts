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

test('a valid schedule is read unchanged', () => {
  expect(scheduleOf(GOOD)).toEqual(GOOD);
});

test.each([
  [null, /^no object$/],
  [{ ...GOOD, seed: 'x' }, /^seed: no whole number up to/],
  [{ ...GOOD, durationMs: -1 }, /^durationMs: no whole number/],
  [{ ...GOOD, rate: 0 }, /^rate: no number above 0$/],
  [{ ...GOOD, coordination: 'both' }, /^coordination: none of saga, 2pc, all$/],
  [{ ...GOOD, chaos: 'variant=none' }, /"none" is not a broken variant/],
  [{ ...GOOD, steps: {} }, /^steps: no list$/],
  [withStep({ kind: 'kill', process: 'paiment' }), /^steps\[0\]\.process: no such process$/],
  [
    withStep({ kind: 'server', server: 'redis', downMs: 1 }),
    /^steps\[0\]\.server: no such server$/,
  ],
  [
    withStep({ kind: 'pause', process: 'order' }),
    /^steps\[0\]\.forMs: no whole number of milliseconds/,
  ],
  [
    withStep({ kind: 'hold', name: 'order:nowhere', rules: '', forMs: 1 }),
    /^steps\[0\]\.name: no such crash point$/,
  ],
  [
    withStep({ kind: 'arm', rules: 'payment:nowhere=crash' }),
    /^steps\[0\]\.rules: these rules: in "payment:nowhere/,
  ],
  [withStep({ kind: 'melt' }), /^steps\[0\]\.kind: no such kind of step$/],
  [withStep({ kind: 'calm', atMs: 'soon' }), /^steps\[0\]\.atMs: no whole number of milliseconds/],
])(
  'a schedule with an invalid part is refused, and the message names the part: case %#',
  (document, message) => {
    expect(() => scheduleOf(document)).toThrow(message);
  },
);
