import type { PreparedInterval } from './report-data.ts';
import type { Lifeline, SequenceModel, SequenceStep } from './sequence-model.ts';
import { wrapLabel } from './wrap-label.ts';

/** A sequence diagram in pixels, ready to be drawn. */
export interface SequenceLayout {
  width: number;
  height: number;
  lifelines: PlacedLifeline[];
  steps: PlacedStep[];
  bands: Band[];
}

export interface PlacedLifeline {
  id: string;
  kind: Lifeline['kind'];
  x: number;
  /** Parts of the lifeline where its process was dead or paused. */
  stopped: Stop[];
}

export interface Stop {
  by: 'crash' | 'pause';
  fromY: number;
  untilY: number;
}

export interface PlacedStep {
  step: SequenceStep;
  /** Top of the row. */
  top: number;
  height: number;
  /** Position of the arrow or of the mark. */
  y: number;
  fromX: number;
  toX: number;
  /** The text in lines, each with the y of its base line. */
  lines: { text: string; y: number }[];
  textX: number;
  anchor: 'start' | 'middle' | 'end';
}

/** A bar along a lifeline for a step with a duration: a lock wait, a branch in doubt. */
export interface Band {
  kind: SequenceStep['kind'];
  /** Left edge. */
  x: number;
  width: number;
  fromY: number;
  untilY: number;
}

export const TIME_WIDTH = 84;
const LANE_WIDTH = 128;
const MARGIN = 12;
const TOP = 14;
const LINE_HEIGHT = 16;
const CHARACTER_WIDTH = 7;
const LABEL_WIDTH_MIN = 266;
const MARK_WIDTH = 16;

/**
 * Places lifelines from left to right and steps from top to bottom, one row each.
 * @param prepared  prepared transactions, drawn along the lifelines of their databases
 */
export function layoutSequence(
  { lifelines, steps }: SequenceModel,
  prepared: readonly PreparedInterval[] = [],
): SequenceLayout {
  const width = Math.max(TIME_WIDTH + lifelines.length * LANE_WIDTH + MARGIN, 480);
  const xOf = new Map(
    lifelines.map(({ id }, index) => [id, TIME_WIDTH + (index + 0.5) * LANE_WIDTH]),
  );
  const placed: PlacedStep[] = [];
  let top = TOP;
  for (const step of steps) {
    const fromX = xOf.get(step.from);
    const toX = xOf.get(step.to);
    if (fromX === undefined || toX === undefined) continue;
    const next =
      fromX === toX ? markAt(step, fromX, top, width) : arrowAt(step, fromX, toX, top, width);
    placed.push(next);
    top += next.height;
  }
  const height = top + TOP;
  return {
    width,
    height,
    lifelines: lifelines.map(({ id, kind }) => ({
      id,
      kind,
      x: xOf.get(id) ?? 0,
      stopped: stopsOf(placed, id, height),
    })),
    steps: placed,
    bands: [...bandsOf(placed), ...bandsOfPrepared(placed, prepared, lifelines, xOf)],
  };
}

/** The text of an arrow is above the arrow, and may be longer than the arrow. */
function arrowAt(
  step: SequenceStep,
  fromX: number,
  toX: number,
  top: number,
  width: number,
): PlacedStep {
  const room = Math.max(Math.abs(toX - fromX) - 2 * MARGIN, LABEL_WIDTH_MIN);
  const texts = wrapLabel(step.text, Math.floor(room / CHARACTER_WIDTH));
  const half = (longest(texts) * CHARACTER_WIDTH) / 2;
  const middle = (fromX + toX) / 2;
  const textX = Math.max(TIME_WIDTH + half, Math.min(middle, width - MARGIN - half));
  const y = top + 10 + texts.length * LINE_HEIGHT;
  return {
    step,
    top,
    height: y - top + 12,
    y,
    fromX,
    toX,
    lines: texts.map((text, index) => ({ text, y: top + 14 + index * LINE_HEIGHT })),
    textX,
    anchor: 'middle',
  };
}

/** A step at one lifeline is a mark on the lifeline, with its text on the side with more room. */
function markAt(step: SequenceStep, x: number, top: number, width: number): PlacedStep {
  const right = width - MARGIN - x - MARK_WIDTH;
  const left = x - MARK_WIDTH - TIME_WIDTH;
  const toRight = right >= LABEL_WIDTH_MIN || right >= left;
  const room = Math.min(Math.max(right, left), 2.6 * LANE_WIDTH);
  const texts = wrapLabel(step.text, Math.floor(room / CHARACTER_WIDTH));
  const height = Math.max(34, texts.length * LINE_HEIGHT + 16);
  const y = top + height / 2;
  const first = y - ((texts.length - 1) * LINE_HEIGHT) / 2 + 4.5;
  return {
    step,
    top,
    height,
    y,
    fromX: x,
    toX: x,
    lines: texts.map((text, index) => ({ text, y: first + index * LINE_HEIGHT })),
    textX: toRight ? x + MARK_WIDTH : x - MARK_WIDTH,
    anchor: toRight ? 'start' : 'end',
  };
}

function longest(texts: string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

/**
 * A stop lasts from a crash to the restart of the process, or from a pause to its end or a crash. A
 * stop without an end lasts to the end of the diagram.
 */
function stopsOf(placed: PlacedStep[], id: string, height: number): Stop[] {
  const stops: Stop[] = [];
  let open: Omit<Stop, 'untilY'> | undefined;
  for (const { step, y } of placed) {
    if (step.to !== id) continue;
    const by = step.kind === 'crash' || step.kind === 'pause' ? step.kind : undefined;
    const isEnd = step.kind === 'restart' || step.kind === 'resume';
    const isKilled = by === 'crash' && open?.by === 'pause';
    if (open !== undefined && (isEnd || isKilled)) {
      stops.push({ ...open, untilY: y });
      open = undefined;
    }
    if (by !== undefined) open ??= { by, fromY: y };
  }
  return open === undefined ? stops : [...stops, { ...open, untilY: height }];
}

const BAND_WIDTH = 12;

function along(x: number): Pick<Band, 'x' | 'width'> {
  return { x: x - BAND_WIDTH / 2, width: BAND_WIDTH };
}

/** A lock wait is often caused by a prepared transaction: neither bar may hide the other. */
function beside(x: number): Pick<Band, 'x' | 'width'> {
  return { x: x + BAND_WIDTH / 2, width: BAND_WIDTH / 2 };
}

/** A bar ends at the last row that began before the end of the step. */
function bandsOf(placed: PlacedStep[]): Band[] {
  return placed.flatMap(({ step, toX, fromX, y, top, height }) => {
    const { untilMs, kind } = step;
    if (untilMs === null || fromX !== toX) return [];
    const untilY = Math.max(top + height, lastY(placed, untilMs));
    return [{ kind, ...(kind === 'lock-wait' ? beside(toX) : along(toX)), fromY: y, untilY }];
  });
}

function lastY(placed: PlacedStep[], untilMs: number): number {
  return placed.findLast(({ step }) => step.atMs <= untilMs)?.y ?? 0;
}

/** Draws bars along the database of each owner: `orders-db` is the database of `order`. */
function bandsOfPrepared(
  placed: PlacedStep[],
  prepared: readonly PreparedInterval[],
  lifelines: readonly Lifeline[],
  xOf: ReadonlyMap<string, number>,
): Band[] {
  return prepared.flatMap(({ owner, fromMs, untilMs }) => {
    const database = lifelines.find(({ id, kind }) => kind === 'database' && id.startsWith(owner));
    const x = xOf.get(database?.id ?? '');
    const first = placed.find(({ step }) => step.atMs >= fromMs);
    const last = placed.at(-1);
    if (x === undefined || first === undefined || last === undefined) return [];
    const untilY = untilMs === null ? last.top + last.height : lastY(placed, untilMs);
    return untilY <= first.y
      ? []
      : [{ kind: 'in-doubt' as const, ...along(x), fromY: first.y, untilY }];
  });
}
