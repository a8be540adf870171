import { createHash } from 'node:crypto';

/** A short hash, equal for equal texts. Pure. */
export function hashOf(text: string): string {
  const LENGTH = 16;
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH);
}
