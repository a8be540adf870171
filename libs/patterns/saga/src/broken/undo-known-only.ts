import { type Advance, advance, type Input, type Progress } from '../advance.ts';
import type { Saga } from '../definition.ts';

/**
 * Broken on purpose: only steps that are known to be done are undone. A step whose answer never
 * came counts as not done. But the step may have happened, with its answer late or lost. Then the
 * saga has ended, and the effect of the step stays for ever.
 */
export function undoKnownOnly(saga: Saga, progress: Progress, input: Input): Advance {
  const next = advance(saga, progress, input);
  const gaveUp = input.kind === 'expired' && progress.status !== next.progress.status;
  if (!gaveUp) return next;
  return advance(saga, progress, { kind: 'refused', step: input.step, reason: 'timed-out' });
}
