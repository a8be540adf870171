import type { StepAnswer } from '@indoubt/contracts';
import type { AnswerOnce } from '../answer-once.ts';

const DONE: StepAnswer = { outcome: 'done' };

/**
 * Broken on purpose: an undo that fails is answered done, "so that the saga can go on". It goes on
 * and ends, and what was to be undone stays: stock held for ever by an order that was rejected. (A
 * statement that fails still undoes the whole transaction: this hides every other error.)
 */
export function swallowUndoErrors(inbox: AnswerOnce): AnswerOnce {
  return (tx, command, act) =>
    inbox(tx, command, command.undoes === undefined ? act : () => act().catch(() => DONE));
}
