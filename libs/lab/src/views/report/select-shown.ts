import type { ReportData } from '../page/report-data.ts';
import type { OrdersOfRun } from './report-orders.ts';

/** The most orders that a page shows in full. */
export const ORDERS_MAX = 120;
/** Entries without an order, for each list and for each order that may be shown. */
const LOOSE_EACH = 40;

/** The selection of orders that the page shows. `leftOut` has a sentence for each omission. */
export interface Shown {
  labels: ReadonlySet<string>;
  /** Entries of the shown orders, and the first entries without an order. */
  of<T>(list: readonly T[], orderOf: (item: T) => string | null, what: string): T[];
  leftOut: string[];
}

/**
 * Selects the orders to show: those with a fault, a retry or a compensation first. Pure.
 * @param most  the most orders to show, up to ORDERS_MAX
 */
export function selectShown({ orders, troubled }: OrdersOfRun, most: number): Shown {
  const looseMax = most * LOOSE_EACH;
  const all = orders.map(({ label }) => label);
  const others = all.filter((label) => !troubled.has(label));
  const first = [...all.filter((label) => troubled.has(label)), ...others];
  const labels = new Set(first.slice(0, most));
  const leftOut: ReportData['leftOut'] = [];
  if (labels.size < all.length) {
    leftOut.push(
      `Of ${all.length} orders, ${labels.size} are shown in full: those with a fault, a retry ` +
        'or a compensation, and the first of the others. The checks cover all orders.',
    );
  }
  return {
    labels,
    leftOut,
    of(list, orderOf, what) {
      let loose = 0;
      const shown = list.filter((item) => {
        const order = orderOf(item);
        if (order !== null) return labels.has(order);
        loose += 1;
        return loose <= looseMax;
      });
      if (loose > looseMax) {
        leftOut.push(`Of ${loose} ${what} without an order, the first ${looseMax} are shown.`);
      }
      return shown;
    },
  };
}
