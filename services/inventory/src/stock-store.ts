import type { OrderLine, StockView } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { v7 } from 'uuid';
import { MADE_TO_ORDER } from './stock.ts';

/**
 * Locks the rows of these skus and returns the available quantity of each. Rows are locked in the
 * order of the sku, so that two orders for the same products cannot deadlock.
 */
export async function lockStock(tx: Tx, skus: string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ sku: string; available: number; toOrder: boolean }>(
    `select sku, available, made_to_order as "toOrder"
       from stock where sku = any ($1) order by sku for update`,
    [skus],
  );
  return new Map(rows.map((row) => [row.sku, row.toOrder ? MADE_TO_ORDER : row.available]));
}

/** Inserts one reservation for each line, and moves the stock from available to held. */
export function insertReservations(tx: Tx, orderId: string, lines: OrderLine[]): void {
  tx.write(
    `with line as (
       select * from unnest($2::uuid[], $3::text[], $4::int[]) as l (id, sku, quantity)),
          held as (insert into reservations (id, order_id, sku, quantity, status)
                   select id, $1, sku, quantity, 'HELD' from line)
     update stock set available = available - line.quantity, held = held + line.quantity
       from line where stock.sku = line.sku`,
    [
      orderId,
      lines.map(() => v7()),
      lines.map((line) => line.sku),
      lines.map((line) => line.quantity),
    ],
  );
}

/** Releases all reservations of the order. */
export function giveBackStock(tx: Tx, orderId: string): void {
  tx.write(
    `with released as (
       update reservations set status = 'RELEASED', released_at = clock_timestamp()
        where order_id = $1 and status = 'HELD' returning sku, quantity),
     total as (select sku, sum(quantity)::int as quantity from released group by sku),
     locked as (select sku from stock where sku in (select sku from total) order by sku for update)
     update stock set available = available + total.quantity, held = held - total.quantity
       from total join locked using (sku) where stock.sku = total.sku`,
    [orderId],
  );
}

export async function readStock(tx: Queries, sku: string): Promise<StockView | undefined> {
  const [row] = await tx.query<StockView>('select sku, available, held from stock where sku = $1', [
    sku,
  ]);
  return row;
}
