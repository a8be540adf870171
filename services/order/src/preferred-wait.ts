/** Longer than a healthy saga takes, and shorter than the usual time-outs of proxies. */
const WAIT_MS_MAX = 30_000;

/**
 * Reads `Prefer: wait=N` (RFC 7240, seconds). An invalid preference is ignored, as the RFC
 * requires.
 * @returns milliseconds to wait, 0 when no wait is preferred, at most 30,000
 */
export function preferredWaitMs(prefer: string | undefined): number {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(prefer ?? '') ?? [];
  return seconds === undefined ? 0 : Math.min(Number(seconds) * 1_000, WAIT_MS_MAX);
}
