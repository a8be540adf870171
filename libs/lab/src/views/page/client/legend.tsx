import type { StepKind } from '../sequence-model.ts';
import { Icon } from './icon.tsx';
import { STEP_KINDS } from './mark-words.ts';

const LINES: Partial<Record<StepKind, string>> = {
  request: 'line',
  answer: 'line is-dashed',
  message: 'line is-message',
};

/** The meaning of the shapes that are in the diagram. */
export function Legend({ kinds, isPrepared }: { kinds: StepKind[]; isPrepared: boolean }) {
  const marks = new Map(kinds.filter((kind) => kind !== 'note').map((kind) => [label(kind), kind]));
  return (
    <ul class="legend" aria-label="Legend">
      {[...marks].map(([name, kind]) => (
        <li key={name}>
          {LINES[kind] === undefined ? (
            <Icon shape={STEP_KINDS[kind].shape} />
          ) : (
            <span class={LINES[kind]} aria-hidden="true" />
          )}
          {name}
        </li>
      ))}
      {isPrepared && (
        <li>
          <span class="swatch" aria-hidden="true" />
          prepared, its locks held
        </li>
      )}
    </ul>
  );
}

function label(kind: StepKind): string {
  return kind === 'message' ? 'message (Kafka)' : STEP_KINDS[kind].name;
}
