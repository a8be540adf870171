import { expect, test } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import { renderStorm } from './render-storm.ts';
import { sampleStorm } from './sample-storm.fixture.ts';

const paint = createPaint(false);

test('a rendered storm has counts, faults, checks, the repeat command and a final verdict', () => {
  const text = renderStorm(sampleStorm(), paint);
  for (const line of [
    /placed +120/,
    /left out: too many in flight +3/,
    /SIGKILL +15/,
    /steps that could not be done +0 of 1/,
    /BROKEN {2}INV-6/,
    /idle +776 ms after the storm/,
    /again +\.\/scenario storm --replay \S+\/schedule\.json/,
    /steps +1 \(no smaller schedule broke, in 4 storms\)/,
  ]) {
    expect(text).toMatch(line);
  }
  expect(text.split('\n').at(-1)).toBe('BROKEN  storm 7: INV-6');
});

test.each([
  ['holds', {}, 'HOLDS  storm 7: all 1 invariants hold after 15 faults and 6 restarts'],
  ['unknown', {}, 'UNKNOWN  storm 7: 120 orders and 15 faults: the storm proves nothing'],
  ['broken', { restedAfterMs: null }, 'BROKEN  storm 7: INV-6; the lab did not become idle'],
] as const)('the last line of a storm whose verdict is %s', (verdict, more, last) => {
  const text = renderStorm({ ...sampleStorm(), ...more, verdict }, paint);
  expect(text.split('\n').at(-1)).toBe(last);
});
