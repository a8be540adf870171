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
