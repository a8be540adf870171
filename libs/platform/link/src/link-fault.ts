import assert from 'node:assert/strict';

/** A fault of a link. Several faults combine: delays add up, the slowest rate wins. */
export interface LinkFault {
  /**
   * cut: connections are reset, whatever the direction (a connection has no half that could be).
   * blackhole: bytes do not arrive until it is healed, as when TCP sends them again and again.
   * delay: each byte is late. throttle: only so many bytes a second, over all connections.
   */
  action: 'cut' | 'blackhole' | 'delay' | 'throttle';
  /** From the owner of the link to its target (`out`), back (`in`), or both. */
  direction: 'both' | 'out' | 'in';
  /** delay: milliseconds, 0 to an hour; 0 when absent. */
  delayMs?: number;
  /** delay: up to so many milliseconds more, drawn anew for each piece; 0 when absent. */
  jitterMs?: number;
  /** throttle: bytes a second, 1 or more. */
  bytesPerSecond?: number;
}

const HOUR_MS = 3_600_000;

/** A fault out of range is a bug of the code that parsed the request. */
export function assertFaults(faults: readonly LinkFault[]): void {
  for (const { action, delayMs = 0, jitterMs = 0, bytesPerSecond } of faults) {
    if (action === 'delay') {
      const isLate = delayMs >= 0 && jitterMs >= 0 && delayMs + jitterMs <= HOUR_MS;
      assert(isLate, `delay of ${delayMs} ms, jitter of ${jitterMs} ms`);
    }
    if (action !== 'throttle') continue;
    assert(bytesPerSecond !== undefined && bytesPerSecond >= 1, `throttle to ${bytesPerSecond}`);
  }
}
