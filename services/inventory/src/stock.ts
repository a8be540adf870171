import type { OrderLine, StepAnswer } from '@indoubt/contracts';

/** The available quantity of a product that is made to order, such as a download. */
export const MADE_TO_ORDER = Number.POSITIVE_INFINITY;

/** Whether all lines of an order can be reserved, given the available quantities. Pure. */
export function canReserve(lines: OrderLine[], available: ReadonlyMap<string, number>): StepAnswer {
  const short = lines.filter((line) => (available.get(line.sku) ?? 0) < line.quantity);
  if (short.length === 0) return { outcome: 'done' };
  const detail = short
    .map(({ sku, quantity }) => `${sku}: ${quantity} wanted, ${available.get(sku) ?? 0} available`)
    .join('; ');
  return { outcome: 'refused', reason: 'insufficient-stock', detail };
}

/** The lines that need stock: a product that is made to order needs none. Pure. */
export function stockedLines(
  lines: OrderLine[],
  available: ReadonlyMap<string, number>,
): OrderLine[] {
  return lines.filter((line) => available.get(line.sku) !== MADE_TO_ORDER);
}
