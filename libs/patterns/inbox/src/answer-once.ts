import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { decide } from './decide.ts';
import { type Claim, claim, saveAnswer } from './inbox-store.ts';

export interface Handled {
  /** Undefined while it is owed: a later transaction stores it with `saveAnswer`, and sends it. */
  answer: StepAnswer | undefined;
  /**
   * What the inbox decided: the effect happened (act, undo), or it did not need to (the others).
   */
  how: 'act' | 'undo' | 'repeat' | 'wait' | 'nothing-to-undo';
}

/** The action, or the undo; undefined when its answer cannot be known yet. */
export type Effect = () => Promise<StepAnswer | undefined>;

/**
 * Handles a command at most once, in the caller's transaction: its effect, its inbox row and (by
 * the caller) its answer are committed together or not at all.
 * @param act the action, or the undo: a business write in `tx` and nothing else
 * @returns the answer to send: also when the command was handled before, since that answer may be
 *   lost; none when it is owed
 */
export async function answerOnce(tx: Tx, command: Claim, act: Effect): Promise<Handled> {
  const decision = decide(command.undoes, await claim(tx, command));
  if (decision.kind === 'repeat') return { answer: decision.answer, how: 'repeat' };
  if (decision.kind === 'wait') return { answer: undefined, how: 'wait' };
  const answer: StepAnswer | undefined =
    decision.kind === 'nothing-to-undo' ? { outcome: 'done' } : await act();
  if (answer !== undefined) saveAnswer(tx, command, answer);
  return { answer, how: decision.kind };
}

export type AnswerOnce = typeof answerOnce;
