import type { StepAnswer } from '@indoubt/contracts';
import { autocommit, type Pool, type Queries } from '@indoubt/database';
import type { DatabaseOwner } from './infrastructure/provider.ts';
import type { OutboxEntry, Snapshot, TopicMessage } from './snapshot.ts';

export interface SnapshotSources {
  databases: Record<DatabaseOwner, Pool>;
  /** Every message on every topic (without the lab's prefix), dead letters too: a tap read them. */
  topics: TopicMessage[];
  acknowledged: Snapshot['acknowledged'];
}

/**
 * Reads every row that the checkers compare. The databases are not read at one moment: this is one
 * state only of a lab that is quiet.
 * @throws Failure 'database-unavailable' (it only reads: nothing happened)
 */
export async function readSnapshot(sources: SnapshotSources): Promise<Snapshot> {
  const { databases, topics, acknowledged } = sources;
  const [order, payment, inventory] = await Promise.all([
    readOrder(autocommit(databases.order)),
    readPayment(autocommit(databases.payment)),
    readInventory(autocommit(databases.inventory)),
  ]);
  return {
    ...order,
    accounts: payment.accounts,
    payments: payment.payments,
    stock: inventory.stock,
    reservations: inventory.reservations,
    outbox: [...order.outbox, ...payment.outbox, ...inventory.outbox],
    inbox: [...payment.inbox, ...inventory.inbox],
    preparedTransactions: [
      ...order.preparedTransactions,
      ...payment.preparedTransactions,
      ...inventory.preparedTransactions,
    ],
    topics,
    acknowledged,
  };
}

async function readOrder(tx: Queries) {
  return {
    orders: await tx.query<Snapshot['orders'][number]>(
      `select id, customer_id as "customerId", status, reason, total_cents as "totalCents"
         from orders order by id`,
    ),
    orderLines: await tx.query<Snapshot['orderLines'][number]>(
      `select order_id as "orderId", sku, quantity, unit_price_cents as "unitPriceCents"
         from order_lines order by order_id, sku`,
    ),
    sagas: await tx.query<Snapshot['sagas'][number]>(
      `select id, key as "orderId", status, awaiting, asked from sagas order by id`,
    ),
    outbox: await readOutbox(tx, 'order'),
    preparedTransactions: await readPrepared(tx, 'order'),
  };
}

async function readPayment(tx: Queries) {
  return {
    accounts: await tx.query<Snapshot['accounts'][number]>(
      `select customer_id as "customerId", opening_cents as "openingCents",
              balance_cents as "balanceCents"
         from accounts order by customer_id`,
    ),
    payments: await tx.query<Snapshot['payments'][number]>(
      `select id, order_id as "orderId", customer_id as "customerId",
              amount_cents as "amountCents", status
         from payments order by id`,
    ),
    outbox: await readOutbox(tx, 'payment'),
    inbox: await readInbox(tx, 'payment'),
    preparedTransactions: await readPrepared(tx, 'payment'),
  };
}

async function readInventory(tx: Queries) {
  return {
    stock: await tx.query<Snapshot['stock'][number]>(
      'select sku, opening, available, held from stock order by sku',
    ),
    reservations: await tx.query<Snapshot['reservations'][number]>(
      `select id, order_id as "orderId", sku, quantity, status from reservations order by id`,
    ),
    outbox: await readOutbox(tx, 'inventory'),
    inbox: await readInbox(tx, 'inventory'),
    preparedTransactions: await readPrepared(tx, 'inventory'),
  };
}

async function readOutbox(tx: Queries, owner: DatabaseOwner): Promise<OutboxEntry[]> {
  const rows = await tx.query<Omit<OutboxEntry, 'owner'>>(
    `select id, message_id as "messageId", topic, key, step, published_at is not null as published
       from outbox order by id`,
  );
  return rows.map((row) => ({ owner, ...row }));
}

async function readInbox(tx: Queries, owner: DatabaseOwner): Promise<Snapshot['inbox']> {
  const rows = await tx.query<{ sagaId: string; step: string; answer: StepAnswer | null }>(
    `select saga_id as "sagaId", step, answer from inbox order by saga_id, step`,
  );
  return rows.map((row) => ({ owner, ...row }));
}

/** Of this database only: the view shows those of the whole server, other labs' too. */
async function readPrepared(
  tx: Queries,
  owner: DatabaseOwner,
): Promise<Snapshot['preparedTransactions']> {
  const rows = await tx.query<{ gid: string }>(
    'select gid from pg_prepared_xacts where database = current_database() order by gid',
  );
  return rows.map(({ gid }) => ({ owner, gid }));
}
