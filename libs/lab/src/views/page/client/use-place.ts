import { useCallback, useEffect, useState } from 'preact/hooks';
import { wentWrong } from '../of-order.ts';
import { formatPlace, type Place, parsePlace } from '../page-address.ts';
import type { ReportData } from '../report-data.ts';

/** With more orders than this, the page starts with one order. */
const ORDERS_AT_ONCE = 6;

/** What the reader has chosen. The hash of the address stores it, so that a link can be shared. */
export function usePlace(runs: readonly ReportData[]): [Place, (next: Place) => void] {
  const [place, setPlace] = useState(() => placeOf(runs));
  const go = useCallback((next: Place) => {
    setPlace(next);
    history.replaceState(null, '', formatPlace(next));
  }, []);
  useEffect(() => {
    const follow = () => setPlace(placeOf(runs));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [runs]);
  return [place, go];
}

/** The choices in the address, as far as they are valid for these runs. */
function placeOf(runs: readonly ReportData[]): Place {
  const requested = parsePlace(location.hash);
  const run = Math.min(requested.run, runs.length - 1);
  const data = runs[run];
  if (data === undefined) return { run: 0, order: null, event: null };
  const event = data.events.find(({ id }) => id === requested.event);
  const isOrder = data.orders.some(({ label }) => label === requested.order);
  const order = isOrder
    ? (requested.order ?? null)
    : requested.order === 'all'
      ? null
      : firstOrder(data);
  return { run, event: event?.id ?? null, order: reachable(order, event?.order ?? null) };
}

/** Choosing an event of a different order changes the chosen order, so that it is not hidden. */
export function reachable(chosen: string | null, ofEvent: string | null): string | null {
  return chosen === null || ofEvent === null ? chosen : ofEvent;
}

/** With few orders all of them; with many, the first order that went wrong. */
export function firstOrder(data: ReportData): string | null {
  if (data.orders.length <= ORDERS_AT_ONCE) return null;
  return (wentWrong(data)[0] ?? data.orders[0])?.label ?? null;
}
