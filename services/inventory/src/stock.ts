import type { OrderLine, StepAnswer } from '@indoubt/contracts';

/** Whether an order's lines can all be held, given what is available of each sku. Pure. */
export function canReserve(lines: OrderLine[], available: ReadonlyMap<string, number>): StepAnswer {
  const short = lines.filter((line) => (available.get(line.sku) ?? 0) < line.quantity);
  if (short.length === 0) return { outcome: 'done' };
  const detail = short
    .map(({ sku, quantity }) => `${sku}: ${quantity} wanted, ${available.get(sku) ?? 0} available`)
    .join('; ');
  return { outcome: 'refused', reason: 'insufficient-stock', detail };
}
