/** A change or a reading of the stock of a sku, at some moment between `from` and `to`. */
export interface Point {
  /** Earliest moment. Epoch milliseconds, or minus infinity. */
  from: number;
  /** Latest moment. Epoch milliseconds, or infinity. */
  to: number;
  /**
   * Took or gave back `quantity`; or saw exactly `quantity`, or less than `quantity`, available.
   */
  kind: 'take' | 'give' | 'saw' | 'saw-less-than';
  quantity: number;
  /**
   * Index of the point that must come before this point: stock is taken before it is given back.
   */
  after: number | null;
}

export type Linearizable = 'yes' | 'no' | 'not-searched';

interface Search {
  points: readonly Point[];
  /** A point whose `to` is later than this may be left out of the order. */
  until: number;
  /** Sets of points from which no order exists. A set determines what is available. */
  dead: Set<bigint>;
  statesMax: number;
}

/**
 * Whether the points can be put into one order in which each point is within its bounds, every
 * reading is true, and nothing is taken that is not available. A point whose `to` is later than
 * `until` may be in the order or not.
 * @param statesMax  how many sets of points are searched before the search gives up
 * @see Wing and Gong, "Testing and verifying concurrent objects" (1993); Lowe, "Testing for
 *   linearizability" (2017): sets of points without a solution are remembered
 */
export function linearizable(
  available: number,
  points: readonly Point[],
  statesMax: number,
  until = Number.POSITIVE_INFINITY,
): Linearizable {
  const search: Search = { points, until, dead: new Set(), statesMax };
  const nothing = { set: 0n, available, latest: Number.NEGATIVE_INFINITY };
  if (leadsToEnd(search, nothing)) return 'yes';
  return search.dead.size >= statesMax ? 'not-searched' : 'no';
}

interface State {
  /** One bit for each point that is already in the order. */
  set: bigint;
  available: number;
  /** The latest `from` of these points: a point with an earlier `to` cannot follow any more. */
  latest: number;
}

function leadsToEnd(search: Search, state: State): boolean {
  const { points, dead, statesMax } = search;
  const left = points.flatMap((point, index) => (isPlaced(state, index) ? [] : [{ point, index }]));
  const owed = left.filter(({ point }) => isOwed(search, point));
  if (owed.length === 0) return true;
  if (dead.has(state.set) || dead.size >= statesMax) return false;
  const soonest = owed.reduce((least, { point }) => Math.min(least, point.to), Infinity);
  const next = left
    .filter(({ point }) => point.from <= soonest && point.to >= state.latest)
    .filter(({ point }) => point.after === null || isPlaced(state, point.after))
    .filter(({ point }) => changeOf(point) !== 0 || isOwed(search, point))
    .filter(({ point }) => isPossible(point, state.available))
    .toSorted((one, other) => one.point.to - other.point.to);
  // A reading changes nothing, so the first reading that fits is placed at once. The exception: an
  // optional point that could not follow after that reading.
  const seen = next.find(
    ({ point }) =>
      changeOf(point) === 0 &&
      left.every((other) => isOwed(search, other.point) || other.point.to >= point.from),
  );
  for (const { point, index } of seen === undefined ? next : [seen]) {
    if (leadsToEnd(search, placed(state, point, index))) return true;
  }
  dead.add(state.set);
  return false;
}

function isPlaced({ set }: State, index: number): boolean {
  return ((set >> BigInt(index)) & 1n) === 1n;
}

function isOwed({ until }: Search, { to }: Point): boolean {
  return to <= until;
}

function isPossible({ kind, quantity }: Point, available: number): boolean {
  if (kind === 'saw') return available === quantity;
  if (kind === 'saw-less-than') return available < quantity;
  return kind === 'give' || available >= quantity;
}

function changeOf({ kind, quantity }: Point): number {
  if (kind === 'take') return -quantity;
  return kind === 'give' ? quantity : 0;
}

function placed({ set, available, latest }: State, point: Point, index: number): State {
  return {
    set: set | (1n << BigInt(index)),
    available: available + changeOf(point),
    latest: Math.max(latest, point.from),
  };
}

/**
 * The earliest `to` up to which the points cannot be put into an order: the response at that time
 * cannot be explained. Infinity: all responses can be explained, but the rows cannot. Undefined:
 * there is an order, or the search gave up. Points that cannot be ordered up to one time cannot be
 * ordered up to a later one, so a binary search finds the time.
 */
export function brokenAt(
  available: number,
  points: readonly Point[],
  statesMax: number,
): number | undefined {
  if (linearizable(available, points, statesMax) !== 'no') return undefined;
  const ends = [...new Set(points.map(({ to }) => to))].toSorted((one, other) => one - other);
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (linearizable(available, points, statesMax, ends[middle]) === 'no') high = middle;
    else low = middle + 1;
  }
  return ends[low];
}
