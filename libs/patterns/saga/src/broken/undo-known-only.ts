import { type Advance, advance, type Input, type Progress } from '../advance.ts';
import type { Saga } from '../definition.ts';

/**
 * Broken on purpose: only steps that are known to be done are undone. A step whose answer never
 * came is taken for one that never happened: it may have, and only its answer is late. Then the
 * saga has ended, and what the step did stays for ever.
 */
export function undoKnownOnly(saga: Saga, progress: Progress, input: Input): Advance {
  const next = advance(saga, progress, input);
  const gaveUp = input.kind === 'expired' && progress.status !== next.progress.status;
  if (!gaveUp) return next;
  return advance(saga, progress, { kind: 'refused', step: input.step, reason: 'timed-out' });
}
