import { capturePayment, type OrderLine, releaseStock, reserveStock } from '@indoubt/contracts';
import type { Order } from './order.ts';

/** The data for the commands to other services. The saga stores it, so no step reads the order. */
export interface OrderData {
  orderId: string;
  customerId: string;
  totalCents: number;
  lines: OrderLine[];
}

export function orderDataOf({ id: orderId, customerId, totalCents, lines }: Order): OrderData {
  const ordered = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return { orderId, customerId, totalCents, lines: ordered };
}

/** The commands to inventory and payment, the same for saga and two-phase commit. */
export const orderCommands = {
  reserveStock: ({ orderId, lines }: OrderData) => ({
    type: reserveStock.type,
    body: { orderId, lines },
  }),
  capturePayment: ({ orderId, customerId, totalCents }: OrderData) => ({
    type: capturePayment.type,
    body: { orderId, customerId, amountCents: totalCents },
  }),
  /** Only the saga undoes work: two-phase commit rolls its branches back. */
  releaseStock: ({ orderId }: OrderData) => ({ type: releaseStock.type, body: { orderId } }),
};
