import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { count } from '../text/count.ts';
import { brokenAt, linearizable } from './linearizable.ts';
import { outOfBounds } from './stock-bounds.ts';
import { type SkuHistory, type StockPoint, stockHistories } from './stock-points.ts';

/** The search time can double with each point, so histories with more points are not searched. */
const POINTS_MAX = 60;
/**
 * Sets of points that are searched for each sku. A history that can be explained rarely needs more.
 */
const STATES_MAX = 10_000;

/**
 * INV-12: for each sku there is one order of all readings, refusals and reservations in which each
 * happened between its request and its response. Histories that are too long for the search are
 * only compared with bounds: `searchedHistories` names them.
 */
export function stockIsLinearizable(snapshot: Snapshot): Violation[] {
  return stockHistories(snapshot).flatMap(({ sku, opening, points }) => {
    const culprit = unexplained(opening, points);
    if (culprit === undefined) return [];
    const { named, orderId, step, to } = culprit;
    const about = {
      sku,
      ...(orderId !== undefined && { orderId }),
      ...(Number.isFinite(to) && { answeredAt: to }),
    };
    const says = `${named}: no order of events explains it`;
    return [violation('answer-unexplained', about, says, step)];
  });
}

function unexplained(opening: number, points: StockPoint[]): StockPoint | undefined {
  if (points.length <= POINTS_MAX) {
    const at = brokenAt(opening, points, STATES_MAX);
    if (at !== undefined) return points.find(({ to }) => to === at);
  }
  return outOfBounds(opening, points);
}

/** The evidence: how many histories were searched, and which were not. */
export function searchedHistories(snapshot: Snapshot): string {
  const histories = stockHistories(snapshot);
  const tooLong = histories.filter(({ points }) => points.length > POINTS_MAX);
  const tooWide = histories.filter((history) => !tooLong.includes(history) && isTooWide(history));
  const skipped = [...tooLong, ...tooWide];
  const searched = histories.filter((history) => !skipped.includes(history));
  const events = searched.reduce((sum, { points }) => sum + points.length, 0);
  const compared = `${count(searched.length, 'sku')} with ${count(events, 'event')}`;
  const found = `${compared}: one sequence fits all answers`;
  if (skipped.length === 0) return found;
  const most = skipped.slice(0, SKIPPED_SHOWN_MAX).map(lengthOf);
  const more = skipped.length - most.length;
  const named = [...most, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  if (searched.length === 0) return `not searched, only their bounds: ${named}`;
  return `${found}; not searched, only their bounds: ${named}`;
}

const SKIPPED_SHOWN_MAX = 3;

function isTooWide({ opening, points }: SkuHistory): boolean {
  return linearizable(opening, points, STATES_MAX) === 'not-searched';
}

function lengthOf({ sku, points }: SkuHistory): string {
  return `${count(points.length, 'event')} on ${sku}`;
}
