import pc from 'picocolors';

export type Paint = ReturnType<typeof pc.createColors>;

/** Colours, or the same functions doing nothing. */
export function createPaint(isColoured: boolean): Paint {
  return pc.createColors(isColoured);
}
