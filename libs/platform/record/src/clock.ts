/**
 * Now, in epoch milliseconds with a fraction: with whole milliseconds a reply could sort before its
 * request. All spans and lines use this clock, so those of all processes of a machine can be
 * compared.
 */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
