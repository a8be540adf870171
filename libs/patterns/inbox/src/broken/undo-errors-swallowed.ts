import type { StepAnswer } from '@indoubt/contracts';
import type { AnswerOnce } from '../answer-once.ts';

const DONE: StepAnswer = { outcome: 'done' };

/**
 * Broken on purpose: an undo that fails is answered "done", so that the saga can continue. The saga
 * ends, but the effect was not undone: the stock stays reserved for a rejected order. (A failed SQL
 * statement still rolls back the whole transaction. Every other error is hidden.)
 */
export function swallowUndoErrors(inbox: AnswerOnce): AnswerOnce {
  return (tx, command, act) =>
    inbox(tx, command, command.undoes === undefined ? act : () => act().catch(() => DONE));
}
