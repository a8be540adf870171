/** A Map or a Set: both iterate over their keys in the order of insertion. */
interface Keyed<Key> {
  size: number;
  keys(): Iterable<Key>;
  delete(key: Key): boolean;
}

/** Deletes the oldest key of a full cache, so that there is room for a new key. */
export function evictOldest<Key>(cache: Keyed<Key>, sizeMax: number): void {
  const [oldest] = cache.keys();
  if (cache.size >= sizeMax && oldest !== undefined) cache.delete(oldest);
}
