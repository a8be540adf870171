/** A moment somewhere between `from` and `to` at which something happened to the stock of a sku. */
export interface Point {
  /** Not before. Epoch milliseconds, or minus infinity. */
  from: number;
  /** Not after. Infinity: at any time later. */
  to: number;
  /** Takes or gives back so many; or saw that many, or less than that many, available. */
  kind: 'take' | 'give' | 'saw' | 'saw-less-than';
  quantity: number;
  /** The index of the point that comes before this one: what is given back was taken. */
  after: number | null;
}

export type Linearizable = 'yes' | 'no' | 'not-searched';

interface Search {
  points: readonly Point[];
  /** A point that ends later than this may have happened or not. */
  until: number;
  /** Sets of points that lead nowhere: what is available follows from the set. */
  dead: Set<bigint>;
  statesMax: number;
}

/**
 * Whether the points can be put into one order, each within its bounds, in which everything that
 * was seen was so, and nothing was taken that was not there. What was not answered by `until` is
 * looked at as it was then: it may have happened, or not.
 * @param statesMax  sets of points to look at before giving up
 * @see Wing and Gong, "Testing and verifying concurrent objects" (1993); Lowe, "Testing for
 *   linearizability" (2017): states that lead nowhere are remembered
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
  /** A bit for each point that was placed. */
  set: bigint;
  available: number;
  /** The latest `from` of them: what had to be over before that comes too late now. */
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
  // What was only seen changes nothing: placed as soon as it fits, nothing is lost, unless a point
  // that may have happened would then come too late.
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
 * The first moment at which the points could not be put into an order any more: an answer that came
 * then is what nobody can explain. Infinity: what was answered can be explained, and not what the
 * rows say besides. Undefined: there is an order, or nobody has found out. Once broken it stays so.
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
