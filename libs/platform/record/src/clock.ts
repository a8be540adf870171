/**
 * Now, in epoch milliseconds with a fraction: whole milliseconds would put a reply before its
 * request. All spans and lines use this one clock, so they can be laid side by side across
 * processes of one machine.
 */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
