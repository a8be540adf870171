import type { Trigger } from './chaos-rule.ts';

/**
 * Whether a rule fires at this hit. Pure.
 * @param hits  the number of hits so far, including this hit, from 1
 * @param random  gives the next number in [0, 1); called only for a rule with a probability
 * @param always  whether a rule without a trigger fires at every hit; else only at the first
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
