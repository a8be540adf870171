import { useCallback, useEffect, useState } from 'preact/hooks';
import { wentWrong } from '../of-order.ts';
import { formatPlace, type Place, parsePlace } from '../page-address.ts';
import type { ReportData } from '../report-data.ts';

/** More orders than this are not shown at once unless asked for. */
const ORDERS_AT_ONCE = 6;

/** Where the reader is; kept in the hash of the address, so that it can be sent to somebody. */
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

/** What the address says, where it fits these runs. */
function placeOf(runs: readonly ReportData[]): Place {
  const said = parsePlace(location.hash);
  const run = Math.min(said.run, runs.length - 1);
  const data = runs[run];
  if (data === undefined) return { run: 0, order: null, event: null };
  const event = data.events.find(({ id }) => id === said.event);
  const isOrder = data.orders.some(({ label }) => label === said.order);
  const order = isOrder ? (said.order ?? null) : said.order === 'all' ? null : firstOrder(data);
  return { run, event: event?.id ?? null, order: reachable(order, event?.order ?? null) };
}

/** An event of another order is not hidden by the choice of an order. */
export function reachable(chosen: string | null, ofEvent: string | null): string | null {
  return chosen === null || ofEvent === null ? chosen : ofEvent;
}

/** All of a few; of many the first that did not go straight through. */
export function firstOrder(data: ReportData): string | null {
  if (data.orders.length <= ORDERS_AT_ONCE) return null;
  return (wentWrong(data)[0] ?? data.orders[0])?.label ?? null;
}
