import type { OrderStatus, OrderView } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { type Order, viewOf } from './order.ts';

/** Reads in one round trip whether the customer exists, and the unit prices of the skus. */
export async function readCatalogue(
  tx: Queries,
  customerId: string,
  skus: string[],
): Promise<{ customerKnown: boolean; prices: Map<string, number> }> {
  const rows = await tx.query<{ sku: string | null; cents: number | null }>(
    `select sku, unit_price_cents as cents from products where sku = any ($2)
     union all select null, null from customers where id = $1`,
    [customerId, skus],
  );
  const prices = new Map<string, number>();
  for (const { sku, cents } of rows) if (sku !== null && cents !== null) prices.set(sku, cents);
  return { customerKnown: rows.some((row) => row.sku === null), prices };
}

export function insertOrder(tx: Tx, order: Order): void {
  tx.write(
    `with placed as (
       insert into orders (id, customer_id, status, total_cents, created_at, updated_at,
                           reason, coordination)
       values ($1, $2, $3, $4, $5, $5, $9, $10))
     insert into order_lines (order_id, sku, quantity, unit_price_cents)
     select $1, * from unnest($6::text[], $7::int[], $8::bigint[])`,
    [
      order.id,
      order.customerId,
      order.status,
      order.totalCents,
      order.createdAt,
      order.lines.map((line) => line.sku),
      order.lines.map((line) => line.quantity),
      order.lines.map((line) => line.unitPriceCents),
      order.reason,
      order.coordination,
    ],
  );
}

/** Ends a pending order. @throws Error (a bug) when the order is not pending */
export async function endOrder(
  tx: Tx,
  id: string,
  status: OrderStatus,
  reason: string | null,
): Promise<void> {
  const ended = await tx.query(
    `update orders set status = $2, reason = $3, updated_at = clock_timestamp()
      where id = $1 and status = 'PENDING' returning id`,
    [id, status, reason],
  );
  if (ended.length !== 1) throw new Error(`order ${id} is not pending: it cannot become ${status}`);
}

const ORDER = `
  select o.id, o.customer_id as "customerId", o.status, o.reason, o.coordination,
         o.total_cents as "totalCents",
         o.created_at as "createdAt", o.updated_at as "updatedAt",
         (select json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity,
                                            'unitPriceCents', l.unit_price_cents) order by l.sku)
            from order_lines l where l.order_id = o.id) as lines
    from orders o`;

export async function readOrder(tx: Queries, id: string): Promise<OrderView | undefined> {
  const [order] = await tx.query<Order>(`${ORDER} where o.id = $1`, [id]);
  return order && viewOf(order);
}

export interface OrderFilter {
  customer: string | null;
  status: OrderStatus | null;
  /** The last id of the previous page; the page continues with older orders. */
  before: string | null;
  limit: number;
}

/** Lists orders, newest first: UUIDv7 ids sort by the time of creation. */
export async function listOrders(tx: Queries, filter: OrderFilter): Promise<OrderView[]> {
  const orders = await tx.query<Order>(
    `${ORDER}
     where ($1::text is null or o.customer_id = $1) and ($2::text is null or o.status = $2)
       and ($3::uuid is null or o.id < $3)
     order by o.id desc limit $4`,
    [filter.customer, filter.status, filter.before, filter.limit],
  );
  return orders.map(viewOf);
}
