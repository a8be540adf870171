import { seededRandom } from '@indoubt/chaos';

/** `npm run test:long` sets this variable: it plays what `npm test` only samples. */
export const isWhole = process.env['TEST_WHOLE'] === 'yes';

const DAY_MS = 86_400_000;
/** Another sample each day, and the same sample for everybody who tests on that day. */
const seed = Number(process.env['TEST_SEED'] ?? Math.floor(Date.now() / DAY_MS));

/**
 * A part of the cases of a test, drawn by a seed; all cases in `npm run test:long`. Prints how to
 * draw the same part again.
 */
export function sampleOf<Case>(what: string, cases: readonly Case[], count: number): Case[] {
  if (isWhole || count >= cases.length) return [...cases];
  process.stderr.write(`${what}: ${count} of ${cases.length}, drawn by TEST_SEED=${seed}\n`);
  return draw(cases, count, seededRandom(seed, what));
}

/** Draws `count` of the cases, in their order. Pure, but for `random`. */
export function draw<Case>(cases: readonly Case[], count: number, random: () => number): Case[] {
  const ranks = cases.map((_, index) => ({ index, rank: random() }));
  const drawn = ranks.toSorted((a, b) => a.rank - b.rank).slice(0, count);
  const kept = new Set(drawn.map(({ index }) => index));
  return cases.filter((_, index) => kept.has(index));
}
