import { type Advance, advance, type Input, type Progress } from '../advance.ts';
import type { Saga } from '../definition.ts';

/**
 * Broken on purpose: the pivot has a maximum of attempts like any other step. After that an
 * unanswered pivot counts as refused, and the steps before it are undone. But a pivot cannot be
 * undone, and it may have happened: then the order is rejected although its payment was captured.
 */
export function undoPastPivot(saga: Saga, progress: Progress, input: Input): Advance {
  const awaitsPivot = saga.steps.some(
    ({ name, kind }) => kind === 'pivot' && name === progress.awaiting,
  );
  const timeIsUp = input.kind === 'expired' && progress.attempts >= saga.attemptsMax;
  if (!awaitsPivot || !timeIsUp) return advance(saga, progress, input);
  return advance(saga, progress, { kind: 'refused', step: input.step, reason: 'timed-out' });
}
