import type { ReportEvent } from './report-data.ts';
import type { SequenceStep } from './sequence-model.ts';

/**
 * The steps that can be selected: steps whose event is shown. Several steps may have one event.
 * @returns the indexes of the steps, in order
 */
export function selectableSteps(
  steps: readonly SequenceStep[],
  events: readonly ReportEvent[],
): number[] {
  const known = new Set<number | null>(events.map(({ id }) => id));
  return steps.flatMap(({ event }, index) => (known.has(event) ? index : []));
}

/**
 * The index of the selected step: the chosen step as long as its event is selected, else the first
 * step of the selected event (which was then selected in a different view).
 * @returns -1 when no step has that event
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
