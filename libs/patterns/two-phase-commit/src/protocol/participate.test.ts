import { describe, expect, test } from 'vitest';
import { type Branch, onDecision, onPrepare } from './participate.ts';

describe('a prepare', () => {
  test('of an unknown branch: the work is done', () => {
    expect(onPrepare('unknown')).toBe('work');
  });
  test.each<Branch>(['prepared', 'committed', 'committed-alone'])(
    'of a branch that is %s: its vote was lost, or this came twice; yes again',
    (branch) => {
      expect(onPrepare(branch)).toBe('vote-yes-again');
    },
  );
  test('after its own abort: refused, or it would stay prepared with nobody to end it', () => {
    expect(onPrepare('aborted')).toBe('vote-no');
  });
});

describe('a decision', () => {
  test('ends a prepared branch', () => {
    expect(onDecision('prepared', 'commit')).toBe('commit-prepared');
    expect(onDecision('prepared', 'abort')).toBe('rollback-prepared');
  });
  test('that comes twice changes nothing', () => {
    expect(onDecision('committed', 'commit')).toBe('already');
    expect(onDecision('aborted', 'abort')).toBe('already');
  });
  test('to abort what is not there yet leaves a tombstone, and the prepare is refused', () => {
    expect(onDecision('unknown', 'abort')).toBe('leave-tombstone');
  });
  test('to commit what is not there any more: somebody took it away', () => {
    expect(onDecision('unknown', 'commit')).toBe('damage');
  });
  test('against what an operator has done already: damage, never made good in silence', () => {
    expect(onDecision('committed', 'abort')).toBe('damage');
    expect(onDecision('aborted', 'commit')).toBe('damage');
  });
  test('about a branch that committed alone is late: that commit was the decision', () => {
    expect(onDecision('committed-alone', 'commit')).toBe('already');
    // Of a one-phase commit the log has nothing, so who asks is told that it was aborted.
    expect(onDecision('committed-alone', 'abort')).toBe('already');
  });
});
