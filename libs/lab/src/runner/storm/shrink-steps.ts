/** The result of a search for fewer steps. */
export interface Shrunk<Step> {
  /** The smallest set of steps that broke. */
  steps: Step[];
  /** Number of subsets that were tried. */
  tries: number;
  /** True when no smaller subset was left to try. */
  isMinimal: boolean;
}

export interface ShrinkOptions<Step> {
  /** Whether these steps, in their order, still break the run. */
  breaks(steps: Step[]): Promise<boolean>;
  /** Called before each try: whether another try is allowed. */
  mayTry(tries: number): boolean;
}

/**
 * Searches for fewer steps that still break, by leaving out halves, then quarters, down to single
 * steps. A storm may break in one try and hold in the next. A smaller storm gets one try and is
 * discarded if it holds, so the result has broken but may be larger than necessary.
 * @param steps  steps that broke
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
    // A piece that breaks alone is divided again. When the rest broke, the pieces stay the same.
    pieces = smaller.length <= size ? 2 : Math.max(2, pieces - 1);
    kept = smaller;
  }
  return { steps: kept, tries, isMinimal: true };
}

/** First each piece alone, which shrinks fastest, then all steps without one piece. */
function candidatesOf<Step>(steps: readonly Step[], size: number): Step[][] {
  const starts = Array.from({ length: Math.ceil(steps.length / size) }, (_, n) => n * size);
  const alone = starts.map((from) => steps.slice(from, from + size));
  const without = starts.map((from) => [...steps.slice(0, from), ...steps.slice(from + size)]);
  if (steps.length === 1) return [[]];
  return starts.length === 2 ? alone : [...alone, ...without];
}
