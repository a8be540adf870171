/** A Map or a Set: both iterate over their keys in the order of insertion. */
interface Keyed<Key> {
  size: number;
  keys(): Iterable<Key>;
  delete(key: Key): boolean;
}

/** Deletes the oldest key of a memory that is full, so that there is room for a new key. */
export function evictOldest<Key>(memory: Keyed<Key>, sizeMax: number): void {
  const [oldest] = memory.keys();
  if (memory.size >= sizeMax && oldest !== undefined) memory.delete(oldest);
}
