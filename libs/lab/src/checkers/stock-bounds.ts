import type { Point } from './linearizable.ts';

/**
 * A reading or refusal that no order of events can explain: less was seen than is left after all
 * takings that may have happened, or more than is left after all takings that must have happened.
 * Used for histories that are too long for the search; a value within the bounds may still be
 * wrong. Pure.
 * @returns the one with the earliest response
 */
export function outOfBounds<Seen extends Point>(
  opening: number,
  points: readonly Seen[],
): Seen | undefined {
  const takings = takingsOf(points);
  return points
    .filter(({ kind }) => kind === 'saw' || kind === 'saw-less-than')
    .toSorted((one, other) => one.to - other.to)
    .find((seen) => {
      const [least, most] = boundsAt(seen, opening, takings);
      if (seen.kind === 'saw-less-than') return least >= seen.quantity;
      return seen.quantity < least || seen.quantity > most;
    });
}

interface Taking extends Point {
  isGivenBack: boolean;
}

function takingsOf(points: readonly Point[]): Taking[] {
  const back = new Set(points.flatMap(({ kind, after }) => (kind === 'give' ? [after] : [])));
  return points.flatMap((point, index) =>
    point.kind === 'take' ? [{ ...point, isGivenBack: back.has(index) }] : [],
  );
}

function boundsAt(seen: Point, opening: number, takings: readonly Taking[]): [number, number] {
  let [least, most] = [opening, opening];
  for (const { from, to, quantity, isGivenBack } of takings) {
    const isOver = to < seen.from;
    if (from <= seen.to && !(isOver && isGivenBack)) least -= quantity;
    if (isOver && !isGivenBack) most -= quantity;
  }
  return [Math.max(least, 0), most];
}
