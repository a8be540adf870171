import { useState } from 'preact/hooks';

/** A stretch of a long list: what is around the selected item, and more on request. */
export interface Stretch<T> {
  items: T[];
  /** How many come before and after it. */
  before: number;
  after: number;
  showBefore(): void;
  showAfter(): void;
}

/**
 * @param at    index of the item that must be in it; below 0: none
 * @param size  how many are shown at first, and more at each request
 * @param all   everything is wanted
 */
export function useWindow<T>(list: readonly T[], at: number, size: number, all: boolean) {
  const [range, setRange] = useState({ list, from: 0, until: size });
  let { from, until } = range.list === list ? range : { from: 0, until: size };
  if (at >= 0 && (at < from || at >= until)) {
    from = Math.max(0, at - Math.floor(size / 2));
    until = from + size;
  }
  if (all) [from, until] = [0, list.length];
  const stretch: Stretch<T> = {
    items: list.slice(from, until),
    before: from,
    after: Math.max(0, list.length - until),
    showBefore: () => setRange({ list, from: Math.max(0, from - size), until }),
    showAfter: () => setRange({ list, from, until: until + size }),
  };
  return stretch;
}
