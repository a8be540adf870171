import { expect, test } from 'vitest';
import { type Advance, advance, type Input, start } from '../advance.ts';
import type { Saga } from '../definition.ts';
import { undoKnownOnly } from './undo-known-only.ts';
import { undoPastPivot } from './undo-past-pivot.ts';

const saga: Saga = {
  name: 'place-order',
  owner: 'order',
  steps: [
    { name: 'reserve-stock', to: 'inventory', kind: 'compensatable', undo: 'release-stock' },
    { name: 'capture-payment', to: 'payment', kind: 'pivot' },
    { name: 'confirm-order', to: 'order', kind: 'retriable' },
  ],
  whenCompensated: 'reject-order',
  answerWithinMs: 100,
  retryAfterMaxMs: 400,
  attemptsMax: 1,
};

const reserved: Input = { kind: 'done', step: 'reserve-stock' };
const reserveExpired: Input = { kind: 'expired', step: 'reserve-stock' };
const captured: Input = { kind: 'done', step: 'capture-payment' };
const captureExpired: Input = { kind: 'expired', step: 'capture-payment' };

const after = (protocol: typeof advance, ...inputs: Input[]): Advance =>
  inputs.reduce((at, input) => protocol(saga, at.progress, input), start(saga));

test('undo-known-only: the saga does not undo a step that never answered', () => {
  expect(after(advance, reserveExpired).send).toEqual(['release-stock']);
  expect(after(undoKnownOnly, reserveExpired).local).toEqual(['reject-order']);
});

test('undo-past-pivot: the saga undoes the earlier steps after an unanswered pivot', () => {
  expect(after(advance, reserved, captureExpired).send).toEqual(['capture-payment']);
  expect(after(undoPastPivot, reserved, captureExpired).send).toEqual(['release-stock']);
});

test.each([undoKnownOnly, undoPastPivot])('%o is correct if every answer is in time', (broken) => {
  const histories: Input[][] = [
    [reserved, captured],
    [reserved, { kind: 'refused', step: 'capture-payment', reason: 'no' }],
    [{ kind: 'refused', step: 'reserve-stock', reason: 'no' }],
    [reserved, reserved],
  ];
  for (const each of histories) expect(after(broken, ...each)).toEqual(after(advance, ...each));
});
