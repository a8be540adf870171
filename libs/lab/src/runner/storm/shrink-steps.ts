/** What a search for fewer steps came to. */
export interface Shrunk<Step> {
  /** The fewest that were seen to break. */
  steps: Step[];
  /** How many subsets were tried. */
  tries: number;
  /** Nothing smaller was left to try: leaving out any one of them would not break. */
  isMinimal: boolean;
}

export interface ShrinkOptions<Step> {
  /** Whether these steps, in their order, still break. */
  breaks(steps: Step[]): Promise<boolean>;
  /** Asked before each try: whether there is time for one more. */
  mayTry(tries: number): boolean;
}

/**
 * Looks for fewer steps that still break, by leaving out halves, then quarters, down to single
 * ones. Where a storm breaks only now and then, a smaller one that did not break this time is
 * taken for one that does not: what is found breaks, and may be larger than need be.
 * @param steps  those that were seen to break
 * @see Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002): ddmin
 */
export async function shrinkSteps<Step>(
  steps: readonly Step[],
  { breaks, mayTry }: ShrinkOptions<Step>,
): Promise<Shrunk<Step>> {
  let kept = [...steps];
  let tries = 0;
  let pieces = 2;
  while (kept.length > 0) {
    let smaller: Step[] | undefined;
    const size = Math.ceil(kept.length / pieces);
    for (const candidate of candidatesOf(kept, size)) {
      if (!mayTry(tries)) return { steps: kept, tries, isMinimal: false };
      tries += 1;
      if (!(await breaks(candidate))) continue;
      smaller = candidate;
      break;
    }
    if (smaller === undefined) {
      if (size <= 1) break;
      pieces = Math.min(2 * pieces, kept.length);
      continue;
    }
    // A piece that breaks alone is cut in two again; where only the rest broke, the pieces stay.
    pieces = smaller.length <= size ? 2 : Math.max(2, pieces - 1);
    kept = smaller;
  }
  return { steps: kept, tries, isMinimal: true };
}

/** The pieces alone, which shrink fastest; then all but one of them. Each set once. */
function candidatesOf<Step>(steps: readonly Step[], size: number): Step[][] {
  const starts = Array.from({ length: Math.ceil(steps.length / size) }, (_, n) => n * size);
  const alone = starts.map((from) => steps.slice(from, from + size));
  const without = starts.map((from) => [...steps.slice(0, from), ...steps.slice(from + size)]);
  if (steps.length === 1) return [[]];
  return starts.length === 2 ? alone : [...alone, ...without];
}
