import { type Advance, advance, type Input, type Progress } from '../advance.ts';
import type { Saga } from '../definition.ts';

/**
 * Broken on purpose: the pivot's time is up as well. Asked as often as any other step and not
 * answered, it is taken for refused, and what came before it is undone. But a pivot cannot be
 * undone, and it may have happened: the order is rejected, and its money is gone.
 */
export function undoPastPivot(saga: Saga, progress: Progress, input: Input): Advance {
  const awaitsPivot = saga.steps.some(
    ({ name, kind }) => kind === 'pivot' && name === progress.awaiting,
  );
  const timeIsUp = input.kind === 'expired' && progress.attempts >= saga.attemptsMax;
  if (!awaitsPivot || !timeIsUp) return advance(saga, progress, input);
  return advance(saga, progress, { kind: 'refused', step: input.step, reason: 'timed-out' });
}
