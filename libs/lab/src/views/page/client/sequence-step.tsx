import { formatAt, formatMs } from '../format-ms.ts';
import { type PlacedStep, TIME_WIDTH } from '../sequence-layout.ts';
import { IconInPicture } from './icon.tsx';
import { STEP_KINDS } from './mark-words.ts';
import { useView } from './view.ts';

interface StepProps {
  placed: PlacedStep;
  width: number;
  /** Index among all steps; an event may have several steps. */
  index: number;
  isSelected: boolean;
  isEntry: boolean;
  /** Undefined for a step that cannot be selected. */
  choose: (() => void) | undefined;
}

/** One row of the diagram: a button as wide as the picture. */
export function Step({ placed, width, index, isSelected, isEntry, choose }: StepProps) {
  const { data, place } = useView();
  const { step, top, height, y, lines, textX, anchor } = placed;
  const { event } = step;
  const isMixed = place.order === null && data.orders.length > 1;
  const isSame = !isSelected && event !== null && event === place.event;
  const button =
    choose === undefined
      ? { role: 'img' as const }
      : {
          role: 'button' as const,
          tabindex: isEntry ? 0 : -1,
          'data-event': event,
          'data-item': index,
          onClick: choose,
          onKeyDown: (key: KeyboardEvent) => pressed(key) && choose(),
        };
  return (
    <g
      {...button}
      class={`step is-${step.kind}${isSame ? ' is-same' : ''}`}
      aria-label={nameOf(placed, isMixed)}
      aria-current={isSelected ? 'step' : undefined}
    >
      <rect class="ground" x="2" y={top + 1} width={width - 4} height={height - 2} rx="4" />
      <text class="time" x={TIME_WIDTH - 18} y={y + 4} text-anchor="end">
        {`${formatAt(step.atMs)} ${isMixed ? (step.order ?? '') : ''} `}
      </text>
      <Drawn placed={placed} />
      {lines.map((line) => (
        <text key={line.y} class="label" x={textX} y={line.y} text-anchor={anchor}>
          {`${line.text} `}
        </text>
      ))}
    </g>
  );
}

/** An arrow, or a mark on the lifeline. */
function Drawn({ placed: { step, fromX, toX, y } }: { placed: PlacedStep }) {
  const { shape } = STEP_KINDS[step.kind];
  if (fromX === toX) return <IconInPicture shape={shape} x={toX} y={y} />;
  const direction = toX > fromX ? 1 : -1;
  const isLost = step.kind === 'lost';
  const end = toX - direction * (isLost ? 30 : 1.5);
  return (
    <>
      <line class="arrow" x1={fromX} x2={end - direction * 7} y1={y} y2={y} />
      {!isLost && <path class="arrow-head" d={`M${end} ${y}l${-direction * 10} -5v10z`} />}
      {shape !== 'plain' && (
        <IconInPicture shape={isLost ? 'crash' : shape} x={isLost ? end : fromX} y={y} />
      )}
    </>
  );
}

function pressed(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' && event.key !== ' ') return false;
  event.preventDefault();
  return true;
}

/** The name starts with the visible text, so that speech control can use it. */
function nameOf({ step }: PlacedStep, withOrder: boolean): string {
  const { from, to, kind, text, atMs, untilMs } = step;
  const where = from === to ? from : `${from} to ${to}`;
  const long = untilMs === null ? '' : `, for ${formatMs(untilMs - atMs)}`;
  const order = withOrder && step.order !== null ? `${step.order} ` : '';
  return `${formatAt(atMs)} ${order}${text} (${where}: ${STEP_KINDS[kind].name}${long})`;
}
