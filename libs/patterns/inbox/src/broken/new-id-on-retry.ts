import type { AnswerOnce } from '../answer-once.ts';
import { answerToMessage, noteMessage } from './inbox-by-message-store.ts';

/**
 * Broken on purpose: the inbox knows messages, not steps, and the orchestrator makes a new id for
 * each retry. A repetition by Kafka is caught; one by the orchestrator is another message, and
 * acts again. Nor does an undo find its action, or a late action its undo.
 */
export const answerOncePerMessage: AnswerOnce = async (tx, command, act) => {
  const known = await answerToMessage(tx, command);
  if (known !== undefined) return { answer: known, how: 'repeat' };
  const answer = await act();
  if (answer !== undefined) noteMessage(tx, command, answer);
  return { answer, how: command.undoes === undefined ? 'act' : 'undo' };
};
