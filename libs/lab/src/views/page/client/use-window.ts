import { useState } from 'preact/hooks';

/** A part of a long list: the items around the selected item, and more on request. */
export interface Stretch<T> {
  items: T[];
  /** Number of hidden items before and after the part. */
  before: number;
  after: number;
  showBefore(): void;
  showAfter(): void;
}

/**
 * @param at    index of the item that must be included; below 0: none
 * @param size  number of items at first, and of further items at each request
 * @param all   shows the whole list
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
