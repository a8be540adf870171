import { expect, test } from 'vitest';
import type { Resolution } from '../../evidence/in-doubt/resolution.ts';
import { sampleResolution } from '../../evidence/in-doubt/sample-in-doubt.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { renderResolution } from './render-resolution.ts';

/** The text without its line breaks. */
const render = (resolution: Resolution): string =>
  renderResolution(resolution, createPaint(false)).replaceAll('\n', ' ');

test('a heuristic decision against the log is damage, which only a person can repair', () => {
  const text = render(sampleResolution());
  expect(text).toContain('rolled back by hand, in the database of inventory: lab-1a2b3c4d/');
  expect(text).toContain("HEURISTIC DAMAGE: the coordinator's log says commit");
  expect(text).toContain('INV-11');
  expect(text).toContain('Only a person can repair it');
});

test('a heuristic commit against a presumed abort is damage', () => {
  const presumed = { decision: 'commit', log: 'presumed-abort', damage: true } as const;
  const text = render({ ...sampleResolution(), ...presumed });
  expect(text).toContain('committed by hand');
  expect(text).toContain('says nothing, which is a presumed abort');
});

test('a heuristic decision that equals the log does no damage', () => {
  const right = { decision: 'commit', log: 'commit', damage: false } as const;
  expect(render({ ...sampleResolution(), ...right })).toContain('No damage is done');
});

test('a heuristic abort without a decision is right, unless votes are being collected', () => {
  const right = { decision: 'abort', log: 'presumed-abort', damage: false } as const;
  expect(render({ ...sampleResolution(), ...right }).replaceAll(/\s+/g, ' ')).toContain(
    'no damage is done, unless a live coordinator is still collecting votes',
  );
});

test.each([
  ['unknown', /log does not answer: whether that was right is not known yet/],
  ['undecided', /but not decided: whether that was right is not known yet/],
] as const)('the log is %s: nobody can say yet', (log, says) => {
  expect(render({ ...sampleResolution(), log, damage: null })).toMatch(says);
});

test('whether ending an orphan was right is unknown', () => {
  const orphan = { transactionId: null, log: 'unknown', damage: null } as const;
  expect(render({ ...sampleResolution(), ...orphan })).toContain(
    'Whether that was right is unknown',
  );
});
