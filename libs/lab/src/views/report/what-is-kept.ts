import type { ReportData } from '../page/report-data.ts';
import type { OrdersOfRun } from './report-orders.ts';

/** Orders that a page shows whole at most. */
export const ORDERS_MAX = 120;
/** Of each list, so much that is about no order goes with each order that there is room for. */
const LOOSE_EACH = 40;

/** What is left out says so by itself. */
export interface Kept {
  labels: ReadonlySet<string>;
  /** What is about one of the orders, and the first of what is about none. */
  of<T>(list: readonly T[], orderOf: (item: T) => string | null, what: string): T[];
  leftOut: string[];
}

/**
 * Orders that did not go the straight way come first. Pure.
 * @param most  orders at most, up to ORDERS_MAX
 */
export function whatIsKept({ orders, troubled }: OrdersOfRun, most: number): Kept {
  const looseMax = most * LOOSE_EACH;
  const all = orders.map(({ label }) => label);
  const others = all.filter((label) => !troubled.has(label));
  const first = [...all.filter((label) => troubled.has(label)), ...others];
  const labels = new Set(first.slice(0, most));
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
        return loose <= looseMax;
      });
      if (loose > looseMax) {
        leftOut.push(`Of ${loose} ${what} that are of no order, the first ${looseMax} are shown.`);
      }
      return kept;
    },
  };
}
