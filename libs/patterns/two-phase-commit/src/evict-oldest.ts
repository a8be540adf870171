/** A Map or a Set: both keep the order in which their keys came. */
interface Keyed<Key> {
  size: number;
  keys(): Iterable<Key>;
  delete(key: Key): boolean;
}

/** Forgets the oldest key of a memory that is full, so that one more can be remembered. */
export function makeRoom<Key>(memory: Keyed<Key>, sizeMax: number): void {
  const [oldest] = memory.keys();
  if (memory.size >= sizeMax && oldest !== undefined) memory.delete(oldest);
}
