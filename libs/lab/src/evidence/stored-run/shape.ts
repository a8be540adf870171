/** Says whether what was read from a file is what it should be. */
export type Fits = (value: unknown) => boolean;

export const text: Fits = (value) => typeof value === 'string';
export const number: Fits = (value) => typeof value === 'number';
export const truth: Fits = (value) => typeof value === 'boolean';

export function orNull(fits: Fits): Fits {
  return (value) => value === null || fits(value);
}

export function listOf(fits: Fits): Fits {
  return (value) => Array.isArray(value) && value.every(fits);
}

/** An object with such values, whatever their names. */
export function mapOf(fits: Fits): Fits {
  return (value) => isObject(value) && Object.values(value).every(fits);
}

/** An object with these fields; it may have others. */
export function shape(fields: Record<string, Fits>): Fits {
  const wanted = Object.entries(fields);
  return (value) =>
    isObject(value) && wanted.every(([name, fits]) => fits(Reflect.get(value, name)));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
