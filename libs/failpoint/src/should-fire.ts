import type { Trigger } from './chaos-rule.ts';

/**
 * Whether a rule fires at this hit. Pure.
 * @param hits  how many hits there have been, this one included, from 1
 * @param random  the next number in [0, 1) of the run's seed; asked for only where needed
 * @param always  what a rule without any trigger means: every hit, or the first only
 */
export function shouldFire(
  { hit, every, probability }: Trigger,
  hits: number,
  random: () => number,
  always: boolean,
): boolean {
  if (hit !== undefined) return hits === hit;
  if (every !== undefined) return hits % every === 0;
  if (probability !== undefined) return random() < probability;
  return always || hits === 1;
}

/** Numbers in [0, 1) that are the same for the same seed and process (mulberry32). */
export function seededNumbers(seed: number, process: string): () => number {
  let state = seed;
  for (const letter of process) state = Math.imul(state ^ letter.charCodeAt(0), 0x5bd1e995);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
