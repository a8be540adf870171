import { isBroken } from '@indoubt/chaos';
import { type Pool, withTransaction } from '@indoubt/database';
import { type AnswerOnce, answerOnce } from './answer-once.ts';
import { claimOutside } from './broken/inbox-outside-transaction.ts';
import { answerOncePerMessage } from './broken/new-id-on-retry.ts';
import { answerAlways } from './broken/no-inbox.ts';
import { swallowUndoErrors } from './broken/undo-errors-swallowed.ts';
import { undoOnlyWhatHappened } from './broken/undo-needs-action.ts';

/**
 * The inbox of this process: `answerOnce`, unless the process was started with a broken variant.
 * Call this after the process is opened: opening arms its faults.
 */
export function chosenInbox(pool: Pool): AnswerOnce {
  const inbox = chosenClaim(pool);
  if (isBroken('undo-errors-swallowed')) return swallowUndoErrors(inbox);
  if (isBroken('undo-needs-action')) return undoOnlyWhatHappened(inbox);
  return inbox;
}

function chosenClaim(pool: Pool): AnswerOnce {
  if (isBroken('no-inbox')) return answerAlways;
  if (isBroken('new-id-on-retry')) return answerOncePerMessage;
  if (isBroken('inbox-outside-transaction')) {
    return claimOutside((work) => withTransaction(pool, work));
  }
  return answerOnce;
}
