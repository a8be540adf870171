/** A duration: `0.4 ms`, `143 ms`, `2.41 s`. @param ms milliseconds */
export function formatMs(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${size < 10 && !Number.isInteger(ms) ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** A time since the first request of the run: `+143 ms`, `-12 ms`. */
export function formatAt(atMs: number): string {
  const text = formatMs(atMs);
  return text.startsWith('-') ? text.replace('-', '\u2212') : `+${text}`;
}
