import assert from 'node:assert/strict';

/** A fault of a link. Several faults combine: delays add up, the slowest rate wins. */
export interface LinkFault {
  /**
   * cut: connections are reset, whatever the direction (one direction alone cannot be reset).
   * blackhole: bytes do not arrive before the fault ends, as when TCP retransmits them in vain.
   * delay: each byte is late. throttle: a limit of bytes in a second, over all connections.
   */
  action: 'cut' | 'blackhole' | 'delay' | 'throttle';
  /** From the owner of the link to its target (`out`), back (`in`), or both. */
  direction: 'both' | 'out' | 'in';
  /** delay: milliseconds, 0 to an hour; 0 when absent. */
  delayMs?: number;
  /** delay: up to this many milliseconds more, drawn for each piece; 0 when absent. */
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
