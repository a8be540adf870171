import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import type { AnswerOnce } from '../answer-once.ts';
import { decide } from '../decide.ts';
import { claim, saveAnswer } from '../inbox-store.ts';

const DONE: StepAnswer = { outcome: 'done' };

/**
 * Broken on purpose: the inbox row with the answer "done" is committed before the effect, in a
 * separate transaction. A crash or a rollback between the two loses the effect for good: the
 * repeated command finds the row and is answered "done", although nothing was done.
 * @param apart  runs work in a separate transaction
 */
export function claimOutside(apart: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>): AnswerOnce {
  return async (tx, command, act) => {
    const decision = await apart(async (own) => {
      const decided = decide(command.undoes, await claim(own, command));
      if (decided.kind !== 'repeat' && decided.kind !== 'wait') saveAnswer(own, command, DONE);
      return decided;
    });
    if (decision.kind === 'repeat') return { answer: decision.answer, how: 'repeat' };
    if (decision.kind === 'wait') return { answer: undefined, how: 'wait' };
    const answer = decision.kind === 'nothing-to-undo' ? DONE : await act();
    // A refusal overwrites "done", if the process lives until here.
    if (answer !== undefined) saveAnswer(tx, command, answer);
    return { answer, how: decision.kind };
  };
}
