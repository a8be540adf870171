/** An answer as it was given once, to be given again. */
export interface StoredAnswer {
  /** HTTP status. */
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** The row of a key. */
export interface KeyRow {
  /** Of the request that the key belongs to. */
  fingerprint: string;
  /** The attempt that may complete it. */
  attempt: string;
  /** Null: no attempt has come to its end yet. */
  answer: StoredAnswer | null;
  /** Milliseconds until the attempt counts as dead; zero or less: it does. */
  leaseMs: number;
  /** Retained long enough: the key may be used for a new request. */
  isExpired: boolean;
}

/** What is there of a key when a request comes with it. */
export interface Seen {
  /** Nobody has the same request under this key in an open transaction. */
  alone: boolean;
  /** Nobody has another request under it in an open transaction. */
  free: boolean;
  row: KeyRow | undefined;
}

export type Decision =
  /** The key's first request. */
  | { kind: 'new' }
  /** There is a row, and it counts for nothing: an attempt that died, or a key that expired. */
  | { kind: 'take-over'; attempt: string }
  | { kind: 'replay'; answer: StoredAnswer }
  | { kind: 'in-use'; retryAfterMs: number }
  | { kind: 'mismatch' };

/** Work is over within a second or so, a lease may take longer; HTTP's own unit is the second. */
export const SOON_MS = 1_000;

/**
 * What a request with a key may do. Pure. What is committed comes first: a stored answer needs no
 * lock, and a transaction that has a lock for a moment must not hide it. A different
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
