import type { LinkFault } from './link-fault.ts';

/** The delay of a piece under these faults, with jitter drawn from `random`. Milliseconds. */
export function delayOf(faults: readonly LinkFault[], random: () => number): number {
  let lateMs = 0;
  for (const { action, delayMs = 0, jitterMs = 0 } of faults) {
    if (action === 'delay') lateMs += delayMs + (jitterMs > 0 ? random() * jitterMs : 0);
  }
  return lateMs;
}

/** The rate of the slowest throttle, bytes in a second; Infinity without a throttle. */
export function rateOf(faults: readonly LinkFault[]): number {
  const rates = faults.filter(({ action }) => action === 'throttle');
  return Math.min(Infinity, ...rates.map(({ bytesPerSecond = Infinity }) => bytesPerSecond));
}

/** The tokens at a moment; a token is worth one byte. */
export interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * How long a full bucket lasts. A longer time allows bursts; a shorter time makes more and smaller
 * writes.
 */
const BUCKET_MS = 20;

export function fullBucket(bytesPerSecond: number, nowMs: number): Bucket {
  return { tokens: capacityOf(bytesPerSecond), atMs: nowMs };
}

function capacityOf(bytesPerSecond: number): number {
  return Math.max(1, (bytesPerSecond * BUCKET_MS) / 1000);
}

export interface Taken {
  /** How many bytes may go now. */
  bytes: number;
  /** Milliseconds until the next call can give bytes; 0 when some may go now. */
  waitMs: number;
  bucket: Bucket;
}

/**
 * Takes tokens out of a bucket: for all wanted bytes or for a full bucket, or for nothing yet. So
 * bytes never go a few at a time.
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
