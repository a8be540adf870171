import type { LinkFault } from './link-fault.ts';

/** Milliseconds by which these faults make a piece late; the jitter is drawn from `random`. */
export function delayOf(faults: readonly LinkFault[], random: () => number): number {
  let lateMs = 0;
  for (const { action, delayMs = 0, jitterMs = 0 } of faults) {
    if (action === 'delay') lateMs += delayMs + (jitterMs > 0 ? random() * jitterMs : 0);
  }
  return lateMs;
}

/** Bytes a second that these faults leave: those of the slowest; Infinity without a throttle. */
export function rateOf(faults: readonly LinkFault[]): number {
  const rates = faults.filter(({ action }) => action === 'throttle');
  return Math.min(Infinity, ...rates.map(({ bytesPerSecond = Infinity }) => bytesPerSecond));
}

/** Tokens, a byte each, as they were at a moment. */
export interface Bucket {
  tokens: number;
  atMs: number;
}

/** How long a full bucket lasts: longer makes bursts, shorter makes more and smaller writes. */
const BUCKET_MS = 20;

export function fullBucket(bytesPerSecond: number, nowMs: number): Bucket {
  return { tokens: capacityOf(bytesPerSecond), atMs: nowMs };
}

function capacityOf(bytesPerSecond: number): number {
  return Math.max(1, (bytesPerSecond * BUCKET_MS) / 1000);
}

export interface Taken {
  /** How many may go now; 0 when none. */
  bytes: number;
  /** How long until it is worth asking again, milliseconds; 0 when some may go. */
  waitMs: number;
  bucket: Bucket;
}

/**
 * Takes what may go now out of a token bucket: all that is wanted or a full bucket of it, or
 * nothing yet; never a few bytes at a time.
 * @param wanted  bytes, 1 or more
 */
export function takeTokens(
  bucket: Bucket,
  bytesPerSecond: number,
  wanted: number,
  nowMs: number,
): Taken {
  if (bytesPerSecond === Infinity) return { bytes: wanted, waitMs: 0, bucket };
  const capacity = capacityOf(bytesPerSecond);
  const dropped = (Math.max(0, nowMs - bucket.atMs) * bytesPerSecond) / 1000;
  const tokens = Math.min(capacity, bucket.tokens + dropped);
  const bytes = Math.min(wanted, Math.floor(capacity));
  if (tokens < bytes) {
    const waitMs = Math.ceil(((bytes - tokens) / bytesPerSecond) * 1000);
    return { bytes: 0, waitMs, bucket: { tokens, atMs: nowMs } };
  }
  return { bytes, waitMs: 0, bucket: { tokens: tokens - bytes, atMs: nowMs } };
}
