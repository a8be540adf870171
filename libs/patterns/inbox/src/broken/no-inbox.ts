import type { AnswerOnce } from '../answer-once.ts';
import { noteFirst } from './note-first-store.ts';

/**
 * Broken on purpose: no inbox. Every delivery acts, as if Kafka delivered exactly once. A crash
 * between publishing and marking, or between commit and offset, reserves the stock or takes the
 * money twice. The first answer is still recorded, but only for the checkers.
 */
export const answerAlways: AnswerOnce = async (tx, command, act) => {
  const answer = await act();
  if (answer !== undefined) noteFirst(tx, command, answer);
  return { answer, how: command.undoes === undefined ? 'act' : 'undo' };
};
