import { useMemo, useState } from 'preact/hooks';
import type { ReportData } from '../report-data.ts';
import { chosenStep, selectableSteps } from '../selectable-steps.ts';
import type { SequenceStep } from '../sequence-model.ts';
import { useView } from './view.ts';

/**
 * Which step of the diagram is selected. All views share the selected event; which of its steps it
 * is, only the diagram knows.
 * @returns places among the steps of `shown`; `at` is -1 when none is selected
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
