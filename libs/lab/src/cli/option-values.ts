import { didYouMean } from '@indoubt/failure';
import { InvalidArgumentError } from 'commander';

const SEED_MAX = 2 ** 31 - 1;

/**
 * A parser for an option with a fixed set of values.
 * @param unset  the result for an empty value, because an empty variable counts as not set
 */
export function oneOf<T extends string, Unset extends string>(
  words: readonly T[],
  unset: Unset,
): (value: string) => T | Unset {
  return (value) => {
    if (value === '') return unset;
    const known = words.find((word) => word === value);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(
      `The value must be one of ${words.join(', ')}.${didYouMean(value, words)}`,
    );
  };
}

export function seed(value: string): number {
  if (/^\d{1,10}$/.test(value) && Number(value) <= SEED_MAX) return Number(value);
  throw new InvalidArgumentError(`The value must be a whole number from 0 to ${SEED_MAX}.`);
}

/** A parser for a duration such as 500ms, 60s or 2m. @returns milliseconds, up to `mostMs` */
export function durationUpTo(mostMs: number): (value: string) => number {
  return (value) => {
    const [, digits, unit] = /^(\d{1,7})(ms|s|m)$/.exec(value) ?? [];
    const ms = Number(digits) * (unit === 'ms' ? 1 : unit === 's' ? 1_000 : 60_000);
    if (ms > 0 && ms <= mostMs) return ms;
    throw new InvalidArgumentError(
      `The value must be a duration up to ${mostMs / 60_000}m, such as 60s.`,
    );
  };
}

/** A parser for a number above 0, such as a rate. */
export function numberUpTo(most: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,6}(\.\d{1,3})?$/.test(value) ? Number(value) : 0;
    if (number > 0 && number <= most) return number;
    throw new InvalidArgumentError(`The value must be a number above 0, up to ${most}.`);
  };
}

/** A parser for a whole number, including 0. */
export function wholeUpTo(most: number): (value: string) => number {
  return (value) => {
    if (/^\d{1,6}$/.test(value) && Number(value) <= most) return Number(value);
    throw new InvalidArgumentError(`The value must be a whole number from 0 to ${most}.`);
  };
}
