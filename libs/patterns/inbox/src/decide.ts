import type { StepAnswer } from '@indoubt/contracts';

/**
 * What the inbox already holds of a command's saga, at the moment the command has claimed its rows.
 */
export interface Seen {
  /** What this very step was answered; undefined when it comes for the first time. */
  own: StepAnswer | Owed | undefined;
  /** For an undo: what the action it undoes was answered; undefined when that never came. */
  action: StepAnswer | Owed | undefined;
}

/** Handled, and not answered yet: its answer comes later, in another transaction. */
export type Owed = 'owed';

export type Decision =
  | { kind: 'act' }
  /** Handled before: change nothing, give the same answer again (the first may have been lost). */
  | { kind: 'repeat'; answer: StepAnswer }
  /** Handled before, its answer owed: whoever owes it will give it, once. */
  | { kind: 'wait' }
  | { kind: 'undo' }
  /** The action never happened, or was refused: the undo has nothing to do, and says done. */
  | { kind: 'nothing-to-undo' };

/** The answer that an action finds when its undo came first: it must never happen any more. */
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
  // What is under way may be done yet: it is undone as what is.
  const mayBeDone = seen.action === 'owed' || seen.action?.outcome === 'done';
  return mayBeDone ? { kind: 'undo' } : { kind: 'nothing-to-undo' };
}
