import { describe, expect, test } from 'vitest';
import { type Branch, onDecision, onPrepare } from './participate.ts';

describe('a prepare', () => {
  test('a prepare of an unknown branch does the work', () => {
    expect(onPrepare('unknown')).toBe('work');
  });
  test.each<Branch>(['prepared', 'committed', 'committed-alone'])(
    'a repeated prepare of a branch that is %s gets a yes again',
    (branch) => {
      expect(onPrepare(branch)).toBe('vote-yes-again');
    },
  );
  test('a prepare that comes after the abort of its branch gets a no', () => {
    expect(onPrepare('aborted')).toBe('vote-no');
  });
});

describe('a decision', () => {
  test('a decision ends a prepared branch', () => {
    expect(onDecision('prepared', 'commit')).toBe('commit-prepared');
    expect(onDecision('prepared', 'abort')).toBe('rollback-prepared');
  });
  test('a repeated decision changes nothing', () => {
    expect(onDecision('committed', 'commit')).toBe('already');
    expect(onDecision('aborted', 'abort')).toBe('already');
  });
  test('an abort of an unknown branch leaves a tombstone', () => {
    expect(onDecision('unknown', 'abort')).toBe('leave-tombstone');
  });
  test('a commit of an unknown branch is damage, since a prepared branch has disappeared', () => {
    expect(onDecision('unknown', 'commit')).toBe('damage');
  });
  test('a decision against the outcome that an operator has forced is damage', () => {
    expect(onDecision('committed', 'abort')).toBe('damage');
    expect(onDecision('aborted', 'commit')).toBe('damage');
  });
  test('a decision about a branch that committed in one phase changes nothing', () => {
    expect(onDecision('committed-alone', 'commit')).toBe('already');
    // The log has no record of a one-phase commit, so a coordinator may presume an abort.
    expect(onDecision('committed-alone', 'abort')).toBe('already');
  });
});
