/** Rows that contradict an invariant, named in one line. */
export interface Violation {
  text: string;
}

/** The width of every output of the lab. */
const COLUMNS_MAX = 100;
// The head of a UUIDv7 is the time, much the same for all of a run; its tail tells rows apart.
const UUID = /\b([0-9a-f]{4})[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6}([0-9a-f]{6})\b/g;

/** @param text names the rows by their ids; UUIDs in it are shortened, and so is the whole */
export function violation(text: string): Violation {
  const short = text.replaceAll(UUID, '$1…$2');
  if (short.length <= COLUMNS_MAX) return { text: short };
  return { text: `${short.slice(0, COLUMNS_MAX - 1)}…` };
}
