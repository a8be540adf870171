/** Shapes that distinguish marks without colour, on a field of 16 by 16. */
const SHAPES = {
  plain: 'M8 6.2a1.8 1.8 0 1 1 0 3.6a1.8 1.8 0 1 1 0-3.6z',
  good: 'M3 8.5l3.5 3.5L13 4.5',
  refused: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11zM4.2 4.2l7.6 7.6',
  compensation: 'M6 3L2.5 6.5L6 10M2.5 6.5H9.5a3.6 3.6 0 1 1 0 7.2H6',
  again: 'M5 2.5h8.5v8.5M2.5 5h8.5v8.5h-8.5z',
  crash: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  restart: 'M13 8a5 5 0 1 1-1.6-3.7M12.6 1.8v3.2h-3.2',
  'in-doubt': 'M5 5.8a3 3 0 1 1 4.4 2.6c-1 .6-1.4 1-1.4 2.1M8 13.2v.4',
  trouble: 'M8 2L14.5 13.5H1.5zM8 6.5v3M8 11.3v.4',
  lock: 'M3.5 7.5h9v6h-9zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2',
  decision: 'M8 2l6 6l-6 6l-6-6z',
  lost: 'M2 8h5M10 5.5l4 5M14 5.5l-4 5',
  prepared: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11zM8 2.5v11M10.4 3.3v9.4M12.6 5.2v5.6',
  rollback: 'M7.5 3L2.5 8L7.5 13M13 3L8 8L13 13',
  pause: 'M5.5 3v10M10.5 3v10',
  resume: 'M5 3l7.5 5L5 13z',
  unknown: 'M3 8h10',
} as const;

export type Shape = keyof typeof SHAPES;

/** A small picture beside a word, or with a hidden word for screen readers. */
export function Icon({ shape, word }: { shape: Shape; word?: string }) {
  return (
    <span class={`icon is-${shape}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d={SHAPES[shape]} />
      </svg>
      {word !== undefined && <span class="unseen">{word}</span>}
    </span>
  );
}

/** The same icon inside a picture. @param x y centre of the icon */
export function IconInPicture({ shape, x, y }: { shape: Shape; x: number; y: number }) {
  return (
    <g class={`icon is-${shape}`} transform={`translate(${x - 8} ${y - 8})`}>
      <circle cx="8" cy="8" r="10" class="icon-ground" />
      <path d={SHAPES[shape]} />
    </g>
  );
}
