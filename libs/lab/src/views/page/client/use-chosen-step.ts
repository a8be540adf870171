import { useMemo, useState } from 'preact/hooks';
import type { ReportData } from '../report-data.ts';
import { chosenStep, selectableSteps } from '../selectable-steps.ts';
import type { SequenceStep } from '../sequence-model.ts';
import { useView } from './view.ts';

/**
 * The selected step of the diagram. All views share the selected event; only the diagram knows
 * which step of this event is selected.
 * @returns indexes of steps of `shown`; `at` is -1 when no step is selected
 */
export function useChosenStep({ sequence: { steps }, events }: ReportData) {
  const { place, select } = useView();
  const [chosen, setChosen] = useState<SequenceStep | null>(null);
  const ids = useMemo(() => selectableSteps(steps, events), [steps, events]);
  const choose = (index: number) => {
    const step = steps[index];
    if (step === undefined || step.event === null) return;
    setChosen(step);
    select(step.event);
  };
  return { at: chosenStep(steps, chosen, place.event), ids, choose };
}
