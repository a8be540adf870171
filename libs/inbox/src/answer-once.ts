import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { decide } from './decide.ts';
import { type Claim, claim, saveAnswer } from './inbox-store.ts';

export interface Handled {
  answer: StepAnswer;
  /**
   * What the inbox decided: the effect happened (act, undo), or it did not need to (the other two).
   */
  how: 'act' | 'undo' | 'repeat' | 'nothing-to-undo';
}

/**
 * Handles a command at most once, in the caller's transaction: its effect, its inbox row and (by
 * the caller) its answer are committed together or not at all.
 * @param act the action, or the undo: a business write in `tx` and nothing else
 * @returns the answer to send: also when the command was handled before, since that answer may be
 *   lost
 */
export async function answerOnce(
  tx: Tx,
  command: Claim,
  act: () => Promise<StepAnswer>,
): Promise<Handled> {
  const decision = decide(command.undoes, await claim(tx, command));
  if (decision.kind === 'repeat') return { answer: decision.answer, how: 'repeat' };
  const answer: StepAnswer =
    decision.kind === 'nothing-to-undo' ? { outcome: 'done' } : await act();
  saveAnswer(tx, command, answer);
  return { answer, how: decision.kind };
}

export type AnswerOnce = typeof answerOnce;
