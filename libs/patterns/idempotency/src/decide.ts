/** An answer as it was given the first time, for replays. */
export interface StoredAnswer {
  /** HTTP status. */
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** The row of a key. */
export interface KeyRow {
  /** Fingerprint of the request that the key belongs to. */
  fingerprint: string;
  /** The attempt that may complete the row. */
  attempt: string;
  /** Null: no attempt has completed yet. */
  answer: StoredAnswer | null;
  /** Milliseconds until the attempt counts as dead; zero or less: the attempt is dead. */
  leaseMs: number;
  /** Retained long enough: the key may be used for a new request. */
  isExpired: boolean;
}

/** What a request finds under its key. */
export interface Seen {
  /** No other open transaction holds the lock of this request. */
  alone: boolean;
  /** No other open transaction holds the lock of the key. */
  free: boolean;
  row: KeyRow | undefined;
}

export type Decision =
  /** The key's first request. */
  | { kind: 'new' }
  /** The row belongs to an attempt that died, or to a key that expired. */
  | { kind: 'take-over'; attempt: string }
  | { kind: 'replay'; answer: StoredAnswer }
  | { kind: 'in-use'; retryAfterMs: number }
  | { kind: 'mismatch' };

/** Work usually ends within a second, a lease lasts longer; Retry-After counts whole seconds. */
export const SOON_MS = 1_000;

/**
 * What a request with a key may do. Pure. Committed rows are checked before locks: a stored answer
 * needs no lock, and a transaction that briefly holds a lock must not hide the answer. A different
 * request is a mismatch even while the first is in progress: a retry would only be refused later.
 * @see draft-ietf-httpapi-idempotency-key-header; docs.stripe.com/api/idempotent_requests;
 *   brandur.org/idempotency-keys (recovery points)
 */
export function decide(fingerprint: string, { alone, free, row }: Seen): Decision {
  if (row === undefined || isOver(row)) {
    if (!alone) return { kind: 'in-use', retryAfterMs: SOON_MS };
    // The key's lock is taken and this request's is free: a different request holds the key.
    if (!free) return { kind: 'mismatch' };
    return row === undefined ? { kind: 'new' } : { kind: 'take-over', attempt: row.attempt };
  }
  if (row.fingerprint !== fingerprint) return { kind: 'mismatch' };
  if (row.answer !== null) return { kind: 'replay', answer: row.answer };
  if (row.leaseMs > 0) return { kind: 'in-use', retryAfterMs: Math.min(row.leaseMs, SOON_MS) };
  if (!alone || !free) return { kind: 'in-use', retryAfterMs: SOON_MS };
  return { kind: 'take-over', attempt: row.attempt };
}

/** Retained long enough, and no attempt is in progress. */
function isOver({ isExpired, answer, leaseMs }: KeyRow): boolean {
  return isExpired && (answer !== null || leaseMs <= 0);
}
