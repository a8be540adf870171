import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { decide } from './decide.ts';
import { type Claim, claim, saveAnswer } from './inbox-store.ts';

export interface Handled {
  /** Undefined while owed: a later transaction stores the answer with `saveAnswer` and sends it. */
  answer: StepAnswer | undefined;
  /** What the inbox decided. The effect happened for `act` and `undo`, and for no other value. */
  how: 'act' | 'undo' | 'repeat' | 'wait' | 'nothing-to-undo';
}

/** The action, or the undo. @returns undefined when its answer is not known yet */
export type Effect = () => Promise<StepAnswer | undefined>;

/**
 * Handles a command at most once, in the caller's transaction: its effect, its inbox row and the
 * answer that the caller sends are committed together or not at all.
 * @param act the action, or the undo: writes only in `tx`
 * @returns the answer to send, undefined while it is owed. A command that was handled before gets
 *   its answer again, since the first answer may be lost.
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
