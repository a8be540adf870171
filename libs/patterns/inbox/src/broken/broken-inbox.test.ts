import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { expect, test } from 'vitest';
import { type AnswerOnce, answerOnce } from '../answer-once.ts';
import { claimOutside } from './inbox-outside-transaction.ts';
import { answerOncePerMessage } from './new-id-on-retry.ts';
import { answerAlways } from './no-inbox.ts';
import { swallowUndoErrors } from './undo-errors-swallowed.ts';
import { undoOnlyWhatHappened } from './undo-needs-action.ts';

const DONE: StepAnswer = { outcome: 'done' };
const RESERVE = { sagaId: 's', step: 'reserve', messageId: 'm1', undoes: undefined };
const RELEASE = { sagaId: 's', step: 'release', messageId: 'm2', undoes: 'reserve' };

/** A transaction in which every query returns these rows. It records its writes. */
function txFinding(...rows: object[]): Tx & { written: unknown[][] } {
  const written: unknown[][] = [];
  return {
    written,
    query: async <Row>() => rows as Row[],
    write: (_text, values = []) => void written.push([...values]),
    writes: () => written.length,
    onCommit: () => undefined,
  };
}

const firstDelivery = (...steps: string[]) =>
  txFinding(...steps.map((step) => ({ step, new: true })));
const handledBefore = () => txFinding({ step: 'reserve', answer: DONE, new: false });

/** How often the inbox acts when a handled command is delivered again. */
async function actsAgain(inbox: AnswerOnce): Promise<number> {
  let acts = 0;
  await inbox(handledBefore(), RESERVE, async () => {
    acts += 1;
    return DONE;
  });
  return acts;
}

test('while an answer is owed, it is not saved and a repeated command does not act', async () => {
  const first = firstDelivery('reserve');
  const later = async () => undefined;
  expect(await answerOnce(first, RESERVE, later)).toEqual({ answer: undefined, how: 'act' });
  expect(first.written).toEqual([]);
  const waiting = () => txFinding({ step: 'reserve', answer: null, new: false });
  let acts = 0;
  const counts = async () => void (acts += 1);
  expect(await answerOnce(waiting(), RESERVE, counts)).toEqual({ answer: undefined, how: 'wait' });
  expect(acts).toBe(0);
  await answerAlways(waiting(), RESERVE, counts);
  expect(acts).toBe(1);
});

test('no-inbox: a repeated command acts again', async () => {
  expect(await actsAgain(answerOnce)).toBe(0);
  expect(await actsAgain(answerAlways)).toBe(1);
});

test('new-id-on-retry: a command with the same step and a new message id acts again', async () => {
  const bySaga = handledBefore();
  const notThisMessage = txFinding();
  const act = async (): Promise<StepAnswer> => DONE;
  const retried = { ...RESERVE, messageId: 'm1 again' };
  expect((await answerOnce(bySaga, retried, act)).how).toBe('repeat');
  expect((await answerOncePerMessage(notThisMessage, retried, act)).how).toBe('act');
  expect((await answerOncePerMessage(handledBefore(), RESERVE, act)).how).toBe('repeat');
});

test('inbox-outside-transaction: the answer "done" is committed before the effect', async () => {
  const own = firstDelivery('reserve');
  const inbox = claimOutside((work) => work(own));
  const dies = () => Promise.reject(new Error('killed'));
  await expect(inbox(txFinding(), RESERVE, dies)).rejects.toThrow('killed');
  expect(own.written).toEqual([['s', 'reserve', DONE]]);
  const right = firstDelivery('reserve');
  await expect(answerOnce(right, RESERVE, dies)).rejects.toThrow('killed');
  expect(right.written).toEqual([]);
});

test('undo-errors-swallowed: a failed undo is answered done, a failed action is not', async () => {
  const toUndo = () =>
    txFinding({ step: 'reserve', answer: DONE, new: false }, { step: 'release', new: true });
  const fails = () => Promise.reject(new Error('the shelf is locked'));
  const inbox = swallowUndoErrors(answerOnce);
  expect((await inbox(toUndo(), RELEASE, fails)).answer).toEqual(DONE);
  await expect(answerOnce(toUndo(), RELEASE, fails)).rejects.toThrow('locked');
  await expect(inbox(firstDelivery('reserve'), RESERVE, fails)).rejects.toThrow('locked');
});

test('undo-needs-action: an undo whose action never came fails', async () => {
  const act = async (): Promise<StepAnswer> => DONE;
  const neverCame = () => firstDelivery('reserve', 'release');
  const { how } = await answerOnce(neverCame(), RELEASE, act);
  expect(how).toBe('nothing-to-undo');
  const inbox = undoOnlyWhatHappened(answerOnce);
  await expect(inbox(neverCame(), RELEASE, act)).rejects.toThrow('no reserve');
});
