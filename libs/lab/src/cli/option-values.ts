import { InvalidArgumentError } from 'commander';
import { didYouMean } from './nearest-name.ts';

const SEED_MAX = 2 ** 31 - 1;

/**
 * A parser for an option that takes one of a few words. @param unset  for an empty value: that of a
 * variable counts as not set
 */
export function oneOf<T extends string, Unset extends string>(
  words: readonly T[],
  unset: Unset,
): (value: string) => T | Unset {
  return (value) => {
    if (value === '') return unset;
    const known = words.find((word) => word === value);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`It is one of ${words.join(', ')}.${didYouMean(value, words)}`);
  };
}

export function seed(value: string): number {
  if (/^\d{1,10}$/.test(value) && Number(value) <= SEED_MAX) return Number(value);
  throw new InvalidArgumentError(`It is a whole number from 0 to ${SEED_MAX}.`);
}
