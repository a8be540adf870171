import { useMemo } from 'preact/hooks';
import { formatAt } from '../format-ms.ts';
import { layoutSequence, type SequenceLayout } from '../sequence-layout.ts';
import type { SequenceStep } from '../sequence-model.ts';
import { usedLifelines } from '../used-lifelines.ts';
import { Legend } from './legend.tsx';
import { LifelineHeads, Lifelines } from './lifelines.tsx';
import { STEP_KINDS } from './mark-words.ts';
import { More } from './more.tsx';
import { Section } from './section.tsx';
import { Step } from './sequence-step.tsx';
import { useChosenStep } from './use-chosen-step.ts';
import { useSelectionBox } from './use-selection.ts';
import { useWindow } from './use-window.ts';
import { useView } from './view.ts';

const STEPS_AT_ONCE = 120;

/** The sequence of all steps: as a diagram, and as a list for screen readers. */
export function Sequence() {
  const { shown, isPrinting } = useView();
  const { steps, lifelines } = shown.sequence;
  const { at, ids, choose } = useChosenStep(shown);
  const stretch = useWindow(steps, at, STEPS_AT_ONCE, isPrinting);
  const { before, after } = stretch;
  const layout = useMemo(() => {
    const drawn = { lifelines: usedLifelines(lifelines, steps), steps: stretch.items };
    return layoutSequence(drawn, shown.prepared);
  }, [shown, before, after]);
  const { box, onKeyDown } = useSelectionBox(ids, at < 0 ? null : at, choose);
  const selectable = useMemo(() => new Set(ids), [ids]);
  const entry = at < 0 ? ids.find((id) => id >= before) : at;
  const size = { viewBox: `0 0 ${layout.width} ${layout.height}`, width: layout.width };
  return (
    <Section id="sequence" title="The sequence" lead="All steps of the run, from top to bottom.">
      <Legend
        kinds={[...new Set(steps.map(({ kind }) => kind))]}
        isPrepared={shown.prepared.length > 0}
      />
      <div class="box sequence" ref={box} onKeyDown={onKeyDown}>
        <More count={before} what="earlier" onClick={stretch.showBefore} />
        <LifelineHeads layout={layout} />
        <svg {...size} height={layout.height} role="group" aria-label="Sequence diagram">
          <Lifelines layout={layout} />
          <Bands layout={layout} />
          {layout.steps.map((placed) => {
            const index = before + stretch.items.indexOf(placed.step);
            return (
              <Step
                key={`${index}`}
                {...{ placed, index }}
                width={layout.width}
                isSelected={index === at}
                isEntry={index === entry}
                choose={selectable.has(index) ? () => choose(index) : undefined}
              />
            );
          })}
        </svg>
        <More count={after} what="later" onClick={stretch.showAfter} />
      </div>
      <details open={isPrinting} class="as-list">
        <summary>The sequence as a list</summary>
        <ol start={before + 1}>{stretch.items.map(inWords)}</ol>
      </details>
    </Section>
  );
}

/** Steps with a duration: lock waits and prepared transactions. */
function Bands({ layout }: { layout: SequenceLayout }) {
  return layout.bands.map(({ kind, x, width, fromY, untilY }) => (
    <g key={`${kind}${x}${fromY}`} class={`band is-${kind}`}>
      <rect x={x} y={fromY} width={width} height={untilY - fromY} />
    </g>
  ));
}

function inWords(step: SequenceStep, index: number) {
  const where = step.from === step.to ? step.from : `${step.from} to ${step.to}`;
  return (
    <li key={index}>
      {formatAt(step.atMs)} {where}: {step.text} ({STEP_KINDS[step.kind].name})
    </li>
  );
}
