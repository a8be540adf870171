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

/** A transaction in which every statement finds these rows, and that remembers its writes. */
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

const first = (...steps: string[]) => txFinding(...steps.map((step) => ({ step, new: true })));
const handledBefore = () => txFinding({ step: 'reserve', answer: DONE, new: false });

/** How often it acts when a command that was handled comes again. */
async function actsAgain(inbox: AnswerOnce): Promise<number> {
  let acts = 0;
  await inbox(handledBefore(), RESERVE, async () => {
    acts += 1;
    return DONE;
  });
  return acts;
}

test('an answer that is owed is not saved; asked again, an inbox does not act again', async () => {
  const asked = first('reserve');
  const later = async () => undefined;
  expect(await answerOnce(asked, RESERVE, later)).toEqual({ answer: undefined, how: 'act' });
  expect(asked.written).toEqual([]);
  const waiting = () => txFinding({ step: 'reserve', answer: null, new: false });
  let acts = 0;
  const counts = async () => void (acts += 1);
  expect(await answerOnce(waiting(), RESERVE, counts)).toEqual({ answer: undefined, how: 'wait' });
  expect(acts).toBe(0);
  await answerAlways(waiting(), RESERVE, counts);
  expect(acts).toBe(1);
});

test('no-inbox: a command that was handled acts again', async () => {
  expect(await actsAgain(answerOnce)).toBe(0);
  expect(await actsAgain(answerAlways)).toBe(1);
});

test('new-id-on-retry: the same step under another message id acts again', async () => {
  const bySaga = handledBefore();
  const notThisMessage = txFinding();
  const act = async (): Promise<StepAnswer> => DONE;
  const asked = { ...RESERVE, messageId: 'm1 again' };
  expect((await answerOnce(bySaga, asked, act)).how).toBe('repeat');
  expect((await answerOncePerMessage(notThisMessage, asked, act)).how).toBe('act');
  expect((await answerOncePerMessage(handledBefore(), RESERVE, act)).how).toBe('repeat');
});

test('inbox-outside-transaction: what it says is done is committed before it acts', async () => {
  const own = first('reserve');
  const inbox = claimOutside((work) => work(own));
  const dies = () => Promise.reject(new Error('killed'));
  await expect(inbox(txFinding(), RESERVE, dies)).rejects.toThrow('killed');
  expect(own.written).toEqual([['s', 'reserve', DONE]]);
  const right = first('reserve');
  await expect(answerOnce(right, RESERVE, dies)).rejects.toThrow('killed');
  expect(right.written).toEqual([]);
});

test('undo-errors-swallowed: an undo that fails is done, an action that fails is not', async () => {
  const toUndo = () =>
    txFinding({ step: 'reserve', answer: DONE, new: false }, { step: 'release', new: true });
  const fails = () => Promise.reject(new Error('the shelf is locked'));
  const inbox = swallowUndoErrors(answerOnce);
  expect((await inbox(toUndo(), RELEASE, fails)).answer).toEqual(DONE);
  await expect(answerOnce(toUndo(), RELEASE, fails)).rejects.toThrow('locked');
  await expect(inbox(first('reserve'), RESERVE, fails)).rejects.toThrow('locked');
});

test('undo-needs-action: an undo of what never happened fails', async () => {
  const act = async (): Promise<StepAnswer> => DONE;
  const neverCame = () => first('reserve', 'release');
  const { how } = await answerOnce(neverCame(), RELEASE, act);
  expect(how).toBe('nothing-to-undo');
  const inbox = undoOnlyWhatHappened(answerOnce);
  await expect(inbox(neverCame(), RELEASE, act)).rejects.toThrow('no reserve');
});
