import type { StepAnswer } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import { decide, UNDONE_FIRST } from './decide.ts';

const done: StepAnswer = { outcome: 'done' };
const refused: StepAnswer = { outcome: 'refused', reason: 'insufficient-stock', detail: 'none' };
const nothing = { own: undefined, action: undefined };

test('a command that comes first is acted on', () => {
  expect(decide(undefined, nothing)).toEqual({ kind: 'act' });
});

test.each([done, refused])('a repeated command gets the same answer: $outcome', (answer) => {
  expect(decide(undefined, { own: answer, action: undefined })).toEqual({ kind: 'repeat', answer });
});

test('an undo of an action that happened undoes the action', () => {
  expect(decide('reserve-stock', { own: undefined, action: done })).toEqual({ kind: 'undo' });
});

test('an undo of an action that was refused has nothing to undo', () => {
  const seen = { own: undefined, action: refused };
  expect(decide('reserve-stock', seen)).toEqual({ kind: 'nothing-to-undo' });
});

test('an undo before its action has nothing to undo', () => {
  expect(decide('reserve-stock', nothing)).toEqual({ kind: 'nothing-to-undo' });
});

test('an action after its undo gets the refusal that the undo stored', () => {
  const seen = { own: UNDONE_FIRST, action: undefined };
  expect(decide(undefined, seen)).toEqual({ kind: 'repeat', answer: UNDONE_FIRST });
});

test('a repeated command whose answer is owed is not acted on again', () => {
  expect(decide(undefined, { own: 'owed', action: undefined })).toEqual({ kind: 'wait' });
});

test('an undo of an action whose answer is owed undoes the action', () => {
  expect(decide('hold-card', { own: undefined, action: 'owed' })).toEqual({ kind: 'undo' });
});

/** A participant in memory: its inbox rows and the number of reservations. */
function deliver(order: ('reserve' | 'release')[]): { reserved: number; effects: number } {
  const rows = new Map<string, StepAnswer>();
  const state = { reserved: 0, effects: 0 };
  for (const step of order) {
    const undoes = step === 'release' ? 'reserve' : undefined;
    const action = undoes === undefined ? undefined : rows.get(undoes);
    const decision = decide(undoes, { own: rows.get(step), action });
    if (undoes !== undefined && action === undefined) rows.set(undoes, UNDONE_FIRST);
    if (decision.kind === 'act') state.reserved += 1;
    if (decision.kind === 'undo') state.reserved -= 1;
    if (decision.kind === 'act' || decision.kind === 'undo') state.effects += 1;
    if (decision.kind !== 'repeat') rows.set(step, done);
  }
  return state;
}

test('up to six deliveries in any order with an undo among them end with nothing reserved', () => {
  for (let bits = 0; bits < 2 ** 6; bits += 1) {
    for (let length = 1; length <= 6; length += 1) {
      const order = Array.from({ length }, (_, i) => ((bits >> i) & 1 ? 'release' : 'reserve'));
      const { reserved, effects } = deliver(order);
      if (order.includes('release')) expect(reserved).toBe(0);
      expect(effects).toBeLessThanOrEqual(2);
    }
  }
});
