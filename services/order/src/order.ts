import {
  CENTS_MAX,
  type Coordination,
  type OrderLine,
  type OrderStatus,
  type OrderView,
  type PlaceOrder,
} from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';

/** An order as this service stores it. Money in integer cents. */
export interface Order {
  id: string;
  customerId: string;
  status: OrderStatus;
  reason: string | null;
  coordination: Coordination;
  totalCents: number;
  lines: (OrderLine & { unitPriceCents: number })[];
  createdAt: Date;
  updatedAt: Date;
}

export interface Priced {
  id: string;
  now: Date;
  coordination: Coordination;
  customerKnown: boolean;
  /** Unit price of each sku in the catalogue, integer cents. */
  prices: ReadonlyMap<string, number>;
}

/**
 * A new order with prices and the status PENDING. PENDING is a semantic lock: it shows to all
 * readers that the order is not decided yet. Pure.
 * @throws Failure 'unknown-customer' or 'unknown-sku' (definite: nothing is written)
 */
export function pendingOrder(
  command: PlaceOrder,
  { id, now, coordination, customerKnown, prices }: Priced,
): Order {
  if (!customerKnown) {
    throw new Failure('unknown-customer', `There is no customer "${command.customerId}".`);
  }
  const lines = command.lines.map((line) => {
    const unitPriceCents = prices.get(line.sku);
    if (unitPriceCents === undefined) {
      throw new Failure('unknown-sku', `"${line.sku}" is not in the catalogue.`);
    }
    return { ...line, unitPriceCents };
  });
  const totalCents = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0);
  if (totalCents > CENTS_MAX) {
    const detail = `The order costs ${totalCents} cents; the maximum is ${CENTS_MAX}.`;
    throw new Failure('invalid-request', detail);
  }
  const { customerId } = command;
  const times = { createdAt: now, updatedAt: now };
  const state = { status: 'PENDING', reason: null, coordination } as const;
  return { id, customerId, ...state, totalCents, lines, ...times };
}

/** The order as the API shows it, with its fields always in the same order. */
export function viewOf(order: Order): OrderView {
  const { id, customerId, status, reason, coordination, totalCents, lines } = order;
  const createdAt = order.createdAt.toISOString();
  const updatedAt = order.updatedAt.toISOString();
  return {
    id,
    customerId,
    status,
    reason,
    coordination,
    totalCents,
    lines,
    createdAt,
    updatedAt,
  };
}
