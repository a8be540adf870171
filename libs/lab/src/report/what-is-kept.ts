import type { ReportData } from '@indoubt/report-page';
import type { OrdersOfRun } from './report-orders.ts';

/** How much of a run its page shows: orders whole, and of each list so much that is about none. */
export interface Bounds {
  orders: number;
  loose: number;
}

/** The next is tried when a page would be too big. */
export const BOUNDS: readonly Bounds[] = [
  { orders: 120, loose: 5_000 },
  { orders: 60, loose: 2_000 },
  { orders: 30, loose: 1_000 },
  { orders: 12, loose: 500 },
  { orders: 5, loose: 200 },
  { orders: 1, loose: 100 },
];

/** What is left out says so by itself. */
export interface Kept {
  labels: ReadonlySet<string>;
  /** What is about one of the orders, and the first of what is about none. */
  of<T>(list: readonly T[], orderOf: (item: T) => string | null, what: string): T[];
  leftOut: string[];
}

/** Orders that did not go the straight way come first. */
export function whatIsKept({ orders, troubled }: OrdersOfRun, bounds: Bounds): Kept {
  const all = orders.map(({ label }) => label);
  const others = all.filter((label) => !troubled.has(label));
  const first = [...all.filter((label) => troubled.has(label)), ...others];
  const labels = new Set(first.slice(0, bounds.orders));
  const leftOut: ReportData['leftOut'] = [];
  if (labels.size < all.length) {
    leftOut.push(
      `Of ${all.length} orders, ${labels.size} are shown whole: those that met a fault, a retry ` +
        'or a compensation, and the first of the others. The checks are of all of them.',
    );
  }
  return {
    labels,
    leftOut,
    of(list, orderOf, what) {
      let loose = 0;
      const kept = list.filter((item) => {
        const order = orderOf(item);
        if (order !== null) return labels.has(order);
        loose += 1;
        return loose <= bounds.loose;
      });
      if (loose > bounds.loose) {
        leftOut.push(
          `Of ${loose} ${what} that are of no order, the first ${bounds.loose} are shown.`,
        );
      }
      return kept;
    },
  };
}
