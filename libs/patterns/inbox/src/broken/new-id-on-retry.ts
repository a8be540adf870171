import type { AnswerOnce } from '../answer-once.ts';
import { answerToMessage, noteMessage } from './inbox-by-message-store.ts';

/**
 * Broken on purpose: the inbox compares message ids, not steps, and the orchestrator makes a new id
 * for each retry. A redelivery by Kafka is recognised. A retry by the orchestrator is not, and acts
 * again. An undo does not find its action, and a late action does not find its undo.
 */
export const answerOncePerMessage: AnswerOnce = async (tx, command, act) => {
  const known = await answerToMessage(tx, command);
  if (known !== undefined) return { answer: known, how: 'repeat' };
  const answer = await act();
  if (answer !== undefined) noteMessage(tx, command, answer);
  return { answer, how: command.undoes === undefined ? 'act' : 'undo' };
};
