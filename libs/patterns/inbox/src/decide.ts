import type { StepAnswer } from '@indoubt/contracts';

/** What the inbox already contained when a command claimed its rows. */
export interface Seen {
  /** The stored answer of this step; undefined when the command comes for the first time. */
  own: StepAnswer | Owed | undefined;
  /** For an undo: the stored answer of its action; undefined when the action never came. */
  action: StepAnswer | Owed | undefined;
}

/** Handled but not answered yet: the answer comes later, in another transaction. */
export type Owed = 'owed';

export type Decision =
  | { kind: 'act' }
  /** Handled before: change nothing, send the same answer again (the first may have been lost). */
  | { kind: 'repeat'; answer: StepAnswer }
  /** Handled before, and the answer is owed: a later transaction will send the answer once. */
  | { kind: 'wait' }
  | { kind: 'undo' }
  /** The action never happened, or was refused: the undo changes nothing and answers "done". */
  | { kind: 'nothing-to-undo' };

/** The stored answer of an action whose undo came first: the action must never happen. */
export const UNDONE_FIRST: StepAnswer = {
  outcome: 'refused',
  reason: 'already-undone',
  detail: 'The undo of this step came before it.',
};

/**
 * The barrier of an idempotent participant. Keyed by saga and step, not by message, it catches
 * three things with one rule: a repeated action, an undo before its action, and an action after its
 * undo.
 * @see en.dtm.pub/practice/barrier;
 *   microservices.io/patterns/communication-style/idempotent-consumer.html
 */
export function decide(undoes: string | undefined, seen: Seen): Decision {
  if (seen.own === 'owed') return { kind: 'wait' };
  if (seen.own !== undefined) return { kind: 'repeat', answer: seen.own };
  if (undoes === undefined) return { kind: 'act' };
  // An action whose answer is owed may still happen, so it is undone like an action that is done.
  const mayBeDone = seen.action === 'owed' || seen.action?.outcome === 'done';
  return mayBeDone ? { kind: 'undo' } : { kind: 'nothing-to-undo' };
}
