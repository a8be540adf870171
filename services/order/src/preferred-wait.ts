/** Longer than any healthy saga takes, shorter than what proxies in between would cut. */
const WAIT_MS_MAX = 30_000;

/**
 * Reads `Prefer: wait=N` (RFC 7240, seconds). A preference that cannot be read is ignored, as the
 * RFC asks.
 * @returns milliseconds to wait, 0 when no wait is preferred, at most 30,000
 */
export function preferredWaitMs(prefer: string | undefined): number {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(prefer ?? '') ?? [];
  return seconds === undefined ? 0 : Math.min(Number(seconds) * 1_000, WAIT_MS_MAX);
}
