/**
 * A stream of numbers in [0, 1) that depends only on seed and name, so that a run can be repeated.
 * The generator is mulberry32: its 32 bits of state are enough to draw faults and quantities, but
 * not secrets.
 * @param name  of the stream: each process draws from its own stream
 */
export function seededRandom(seed: number, name = ''): () => number {
  let state = seed >>> 0;
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x5bd1e995) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
