/**
 * A compensatable step can be undone. The pivot is the point of no return. A retriable step comes
 * after the pivot and cannot be refused.
 * @see Garcia-Molina and Salem, "Sagas" (1987); microservices.io/patterns/data/saga.html
 */
export type Step =
  | { name: string; to: string; kind: 'compensatable'; undo: string }
  | { name: string; to: string; kind: 'pivot' | 'retriable' };

/** A saga as data. Compensatable steps come first, then one pivot, then retriable steps. */
export interface Saga {
  name: string;
  /** The orchestrating service. Its own steps (`to` the owner) run in the saga's transaction. */
  owner: string;
  steps: readonly Step[];
  /** The owner's step after all undos, in the transaction that ends the saga. */
  whenCompensated: string;
  /**
   * Milliseconds until an unanswered command is sent again. The time doubles with each attempt, up
   * to `retryAfterMaxMs`.
   */
  answerWithinMs: number;
  retryAfterMaxMs: number;
  /** How often a compensatable step is commanded before it is undone, including the first time. */
  attemptsMax: number;
}

/** @throws Error (a bug in the definition) that names the broken rule */
export function checkSaga(saga: Saga): void {
  const order = { compensatable: 0, pivot: 1, retriable: 2 };
  const ranks = saga.steps.map((step) => order[step.kind]);
  const sorted = ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? 0));
  if (!sorted)
    throw new Error(
      `saga ${saga.name}: the order is compensatable steps, then the pivot, then retriable steps`,
    );
  if (ranks.filter((rank) => rank === 1).length !== 1) {
    throw new Error(`saga ${saga.name}: exactly one step is the pivot`);
  }
  const local = saga.steps.filter((step) => step.to === saga.owner);
  if (local.some((step) => step.kind !== 'retriable')) {
    throw new Error(`saga ${saga.name}: a step of the owner itself must be retriable`);
  }
  const names = saga.steps.flatMap((step) => [step.name, ...('undo' in step ? [step.undo] : [])]);
  if (new Set(names).size !== names.length) {
    throw new Error(`saga ${saga.name}: every step and undo needs a name of its own`);
  }
}
