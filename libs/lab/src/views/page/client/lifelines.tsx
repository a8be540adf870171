import type { SequenceLayout } from '../sequence-layout.ts';

const HEAD_HEIGHT = 40;
const HEAD_WIDTH = 116;

/** The names above the lifelines. They stay visible while the diagram scrolls. */
export function LifelineHeads({ layout }: { layout: SequenceLayout }) {
  const { width, lifelines } = layout;
  return (
    <svg
      class="lifeline-heads"
      viewBox={`0 0 ${width} ${HEAD_HEIGHT}`}
      width={width}
      height={HEAD_HEIGHT}
      role="img"
      aria-label={`Lifelines from left to right: ${lifelines.map(({ id }) => id).join(', ')}`}
    >
      {lifelines.map(({ id, kind, x }) => (
        <g key={id} class={`lifeline-head is-${kind}`}>
          <rect
            x={x - HEAD_WIDTH / 2}
            y="5"
            width={HEAD_WIDTH}
            height={HEAD_HEIGHT - 10}
            rx={kind === 'database' ? 14 : kind === 'client' ? 2 : 6}
          />
          <text x={x} y={HEAD_HEIGHT / 2 + 4.5} text-anchor="middle">
            {id}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** The lines themselves: dashed where the process was dead, dotted where it was paused. */
export function Lifelines({ layout }: { layout: SequenceLayout }) {
  return (
    <g aria-hidden="true">
      {layout.lifelines.map(({ id, kind, x, stopped }) => (
        <g key={id} class={`lifeline is-${kind}`}>
          <line x1={x} x2={x} y1="0" y2={layout.height} />
          {stopped.map(({ by, fromY, untilY }) => (
            <g key={fromY} class={by === 'crash' ? 'dead' : 'paused'}>
              <rect x={x - 9} y={fromY} width="18" height={untilY - fromY} />
              <line x1={x} x2={x} y1={fromY} y2={untilY} />
            </g>
          ))}
        </g>
      ))}
    </g>
  );
}
