import type { AnswerOnce } from '../answer-once.ts';

/**
 * Broken on purpose: an undo fails if its action has not come. When the command of the action was
 * lost or is late, the undo fails on every attempt: the saga can never end, and its commands
 * collect as dead letters.
 */
export function undoOnlyWhatHappened(inbox: AnswerOnce): AnswerOnce {
  return async (tx, command, act) => {
    const handled = await inbox(tx, command, act);
    if (handled.how === 'nothing-to-undo') {
      throw new Error(`${command.step}: there is no ${command.undoes} of ${command.sagaId}`);
    }
    return handled;
  };
}
