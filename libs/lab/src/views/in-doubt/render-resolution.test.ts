import { expect, test } from 'vitest';
import type { Resolution } from '../../evidence/in-doubt/resolution.ts';
import { sampleResolution } from '../../evidence/in-doubt/sample-in-doubt.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { renderResolution } from './render-resolution.ts';

/** Without its line breaks: where they fall is not the point. */
const render = (resolution: Resolution): string =>
  renderResolution(resolution, createPaint(false)).replaceAll('\n', ' ');

test('against the decision: it says damage, what the log says, and who can repair it', () => {
  const text = render(sampleResolution());
  expect(text).toContain('rolled back by hand, in the database of inventory: lab-1a2b3c4d/');
  expect(text).toContain("HEURISTIC DAMAGE: the coordinator's log says commit");
  expect(text).toContain('INV-11');
  expect(text).toContain('Nothing here can repair it but a person');
});

test('against what is presumed: damage as well', () => {
  const presumed = { decision: 'commit', log: 'presumed-abort', damage: true } as const;
  const text = render({ ...sampleResolution(), ...presumed });
  expect(text).toContain('committed by hand');
  expect(text).toContain('says nothing, which is an abort (presumed)');
});

test('as the log says: no harm', () => {
  const right = { decision: 'commit', log: 'commit', damage: false } as const;
  expect(render({ ...sampleResolution(), ...right })).toContain('No harm is done');
});

test('an abort that is only presumed: right, unless votes are being counted', () => {
  const right = { decision: 'abort', log: 'presumed-abort', damage: false } as const;
  expect(render({ ...sampleResolution(), ...right }).replaceAll(/\s+/g, ' ')).toContain(
    'no harm is done, unless a coordinator that is alive counts votes',
  );
});

test.each([
  ['unknown', /log does not answer: whether that was right is not known yet/],
  ['undecided', /begun it and not decided: whether that was right is not known yet/],
] as const)('the log is %s: nobody can say yet', (log, says) => {
  expect(render({ ...sampleResolution(), log, damage: null })).toMatch(says);
});

test('of an orphan no log can say', () => {
  const orphan = { transactionId: null, log: 'unknown', damage: null } as const;
  expect(render({ ...sampleResolution(), ...orphan })).toContain('No log of ours can say');
});
