import pc from 'picocolors';

export type Paint = ReturnType<typeof pc.createColors>;

/** Functions that colour text, or return the text unchanged. */
export function createPaint(isColoured: boolean): Paint {
  return pc.createColors(isColoured);
}
