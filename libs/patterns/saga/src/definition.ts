/**
 * Compensatable: can be undone. Pivot: the point of no return. Retriable: after the pivot, cannot
 * be refused.
 * @see Garcia-Molina and Salem, "Sagas" (1987); microservices.io/patterns/data/saga.html
 */
export type Step =
  | { name: string; to: string; kind: 'compensatable'; undo: string }
  | { name: string; to: string; kind: 'pivot' | 'retriable' };

/**
 * A saga is data: steps in order, compensatable ones first, then one pivot, then retriable ones.
 */
export interface Saga {
  name: string;
  /** The service that runs it. A step `to` the owner runs in the orchestrator's own transaction. */
  owner: string;
  steps: readonly Step[];
  /** What the owner does, in its own transaction, when everything has been undone. */
  whenCompensated: string;
  /**
   * Milliseconds until an unanswered command is sent again; doubles each time, up to
   * `retryAfterMaxMs`.
   */
  answerWithinMs: number;
  retryAfterMaxMs: number;
  /** How often a compensatable step is commanded before its time is up and it is undone. */
  attemptsMax: number;
}

/** @throws Error (a bug in the definition) that says which rule the steps break */
export function checkSaga(saga: Saga): void {
  const order = { compensatable: 0, pivot: 1, retriable: 2 };
  const ranks = saga.steps.map((step) => order[step.kind]);
  const sorted = ranks.every((rank, index) => index === 0 || rank >= (ranks[index - 1] ?? 0));
  if (!sorted)
    throw new Error(`saga ${saga.name}: compensatable steps, then the pivot, then the rest`);
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
