import type { ReportEvent } from './report-data.ts';
import type { SequenceStep } from './sequence-model.ts';

/**
 * Which steps can be selected: those whose event is shown, too. Every one of them, for several
 * steps may stand beside one event.
 * @returns their places, in order
 */
export function selectableSteps(
  steps: readonly SequenceStep[],
  events: readonly ReportEvent[],
): number[] {
  const known = new Set<number | null>(events.map(({ id }) => id));
  return steps.flatMap(({ event }, index) => (known.has(event) ? index : []));
}

/**
 * The place of the selected step: the one that was chosen, while its event is the selected one;
 * else the first step of that event, which was selected somewhere else.
 * @returns -1 when there is none
 */
export function chosenStep(
  steps: readonly SequenceStep[],
  chosen: SequenceStep | null,
  event: number | null,
): number {
  if (event === null) return -1;
  const at = chosen !== null && chosen.event === event ? steps.indexOf(chosen) : -1;
  return at < 0 ? steps.findIndex((step) => step.event === event) : at;
}
