/** Rows that contradict an invariant, named in one line. */
export interface Violation {
  text: string;
  /** The rows and messages that the text names, by their whole ids; the text shortens them. */
  rows?: string[];
  about?: About;
}

/** What it is about, where no id says so. */
export interface About {
  sku?: string;
  customerId?: string;
  /** The answer that a client was given, by the time at which it had it. Epoch milliseconds. */
  answeredAt?: number;
}

/** The width of every output of the lab. */
const COLUMNS_MAX = 100;
// The head of a UUIDv7 is the time, much the same for all of a run; its tail tells rows apart.
const UUID = /\b([0-9a-f]{4})[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6}([0-9a-f]{6})\b/g;
/** A UUID, and what makes a message's id of a saga's: `UUID:reserve-stock:answer`. */
const ID = new RegExp(`${UUID.source}(?::[a-z][a-z-]*)*`, 'g');

/** @param text names the rows by their ids; UUIDs in it are shortened, and so is the whole */
export function violation(text: string, about?: About): Violation {
  const short = text.replaceAll(UUID, '$1…$2');
  const rows = [...new Set(text.match(ID))];
  return {
    text: short.length <= COLUMNS_MAX ? short : `${short.slice(0, COLUMNS_MAX - 1)}…`,
    ...(rows.length > 0 && { rows }),
    ...(about !== undefined && { about }),
  };
}
