import type { AnswerOnce } from '../answer-once.ts';

/**
 * Broken on purpose: an undo insists on finding what it undoes. When the action never came (its
 * command was lost, or is late) the undo fails, each time it is commanded: the saga can never end,
 * and its commands pile up as dead letters.
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
