import type { Saga, Step } from './definition.ts';

export type SagaStatus = 'running' | 'compensating' | 'completed' | 'compensated';

/** The state of a saga that must survive a crash. */
export interface Progress {
  status: SagaStatus;
  /** The step or undo whose answer the saga waits for; null once the saga has ended. */
  awaiting: string | null;
  /** How often the awaited command was sent. */
  attempts: number;
  /** The failure code for which the saga is being undone, or was undone. */
  reason: string | null;
}

/** An event of a saga. `expired`: the deadline of the awaited answer has passed. */
export type Input =
  | { kind: 'done'; step: string }
  | { kind: 'refused'; step: string; reason: string }
  | { kind: 'expired'; step: string };

/** The next state, and what the shell must do in the same transaction. */
export interface Advance {
  progress: Progress;
  /** Steps or undos to command, each on the topic of its participant. */
  send: string[];
  /** Steps of the owner itself, to run now. */
  local: string[];
  /** Milliseconds until `expired`; null when no answer is awaited. */
  waitMs: number | null;
  /** The input was late or repeated: nothing changed. */
  ignored: boolean;
}

/** Starts a saga with the command of its first step. */
export function start(saga: Saga): Advance {
  return goForward(saga, 0);
}

/**
 * The protocol of the orchestrator as a pure function. Only the awaited answer advances a saga. Any
 * other answer (repeated, late, or of an undone step) is ignored.
 * @throws Error (a bug) when an undo or a step after the pivot is refused, or the step is unknown
 */
export function advance(saga: Saga, progress: Progress, input: Input): Advance {
  if (progress.awaiting === null || progress.awaiting !== input.step) return ignore(saga, progress);
  return progress.status === 'running'
    ? runningStep(saga, progress, input)
    : compensatingStep(saga, progress, input);
}

function runningStep(saga: Saga, progress: Progress, input: Input): Advance {
  const index = saga.steps.findIndex((step) => step.name === input.step);
  const step = saga.steps[index];
  if (step === undefined) throw new Error(`saga ${saga.name} has no step ${input.step}`);
  if (input.kind === 'done') return goForward(saga, index + 1);
  if (input.kind === 'expired') {
    // The step may have happened. From the pivot on, a step is retried until it answers. Before the
    // pivot, the saga gives up after `attemptsMax` attempts and undoes this step too.
    const timeIsUp = step.kind === 'compensatable' && progress.attempts >= saga.attemptsMax;
    return timeIsUp ? goBack(saga, index, 'timed-out') : retry(saga, progress);
  }
  if (step.kind === 'retriable') {
    throw new Error(`saga ${saga.name}: ${step.name} is past the pivot, it must not be refused`);
  }
  // A refusal is definite: the step did not happen, so only the steps before it are undone.
  return goBack(saga, index - 1, input.reason);
}

function compensatingStep(saga: Saga, progress: Progress, input: Input): Advance {
  if (input.kind === 'expired') return retry(saga, progress);
  if (input.kind === 'refused') {
    throw new Error(`saga ${saga.name}: undo ${input.step} must accept that nothing happened`);
  }
  const index = saga.steps.findIndex((step) => undoOf(step) === input.step);
  return goBack(saga, index - 1, progress.reason ?? 'unknown');
}

/** Commands the next step of another service, from `index` on, and collects the owner's steps. */
function goForward(saga: Saga, index: number, local: string[] = []): Advance {
  const step = saga.steps[index];
  if (step === undefined) {
    return ended({ status: 'completed', awaiting: null, attempts: 0, reason: null }, local);
  }
  if (step.to === saga.owner) return goForward(saga, index + 1, [...local, step.name]);
  return command(
    saga,
    { status: 'running', awaiting: step.name, attempts: 1, reason: null },
    local,
  );
}

/** Undoes the steps from `index` down to the first, one at a time. */
function goBack(saga: Saga, index: number, reason: string): Advance {
  const undo = saga.steps
    .slice(0, index + 1)
    .map(undoOf)
    .findLast((name) => name !== undefined);
  if (undo === undefined) {
    const progress: Progress = { status: 'compensated', awaiting: null, attempts: 0, reason };
    return ended(progress, [saga.whenCompensated]);
  }
  return command(saga, { status: 'compensating', awaiting: undo, attempts: 1, reason }, []);
}

function retry(saga: Saga, progress: Progress): Advance {
  return command(saga, { ...progress, attempts: progress.attempts + 1 }, []);
}

function command(saga: Saga, progress: Progress, local: string[]): Advance {
  const send = progress.awaiting === null ? [] : [progress.awaiting];
  return { progress, send, local, waitMs: waitMs(saga, progress.attempts), ignored: false };
}

function ended(progress: Progress, local: string[]): Advance {
  return { progress, send: [], local, waitMs: null, ignored: false };
}

function ignore(saga: Saga, progress: Progress): Advance {
  const wait = progress.awaiting === null ? null : waitMs(saga, progress.attempts);
  return { progress, send: [], local: [], waitMs: wait, ignored: true };
}

function waitMs(saga: Saga, attempts: number): number {
  return Math.min(saga.answerWithinMs * 2 ** (attempts - 1), saga.retryAfterMaxMs);
}

function undoOf(step: Step): string | undefined {
  return step.kind === 'compensatable' ? step.undo : undefined;
}
