import type { StepAnswer } from '@indoubt/contracts';
import { autocommit, listPrepared, type Pool, type Queries } from '@indoubt/database';
import type { RecordLine } from '@indoubt/record';
import { type LabDatabases, poolsOf } from '../../infrastructure/postgres/lab-databases.ts';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import { hashOf } from '../../text/hash-of.ts';
import { handlingsOf } from '../history/handlings-of.ts';
import { historyOf } from '../history/history-of.ts';
import type { LabTopics } from '../lab-topics.ts';
import type { RecordTail } from '../record/record-tail.ts';
import { readJournal } from './read-journal.ts';
import type { OutboxEntry, Snapshot, TopicMessage } from './snapshot.ts';

interface SnapshotSources {
  databases: Record<DatabaseOwner, Pool>;
  /** Every message on every topic (names without the prefix of the lab), including dead letters. */
  topics: TopicMessage[];
  acknowledged: Snapshot['acknowledged'];
  record: readonly RecordLine[];
  journal: string;
  keysKeptMs: number | null;
}

/**
 * Reads every row that the checkers compare. The databases are read one after another, so the
 * result is consistent only for a quiet lab.
 * @throws Failure 'database-unavailable' (definite: it only reads)
 */
async function readSnapshot(sources: SnapshotSources): Promise<Snapshot> {
  const { databases, topics, acknowledged, record } = sources;
  const [order, payment, inventory, transactions, processorCharges] = await Promise.all([
    readOrder(autocommit(databases.order)),
    readPayment(autocommit(databases.payment)),
    readInventory(autocommit(databases.inventory)),
    readTransactions(autocommit(databases.coordinator)),
    readJournal(sources.journal),
  ]);
  const participants = [order, payment, inventory];
  return {
    ...order,
    accounts: payment.accounts,
    payments: payment.payments,
    cardCharges: payment.cardCharges,
    processorCharges,
    keysKeptMs: sources.keysKeptMs,
    stock: inventory.stock,
    reservations: inventory.reservations,
    outbox: participants.flatMap(({ outbox }) => outbox),
    inbox: [...payment.inbox, ...inventory.inbox],
    transactions,
    preparedTransactions: participants.flatMap((each) => each.preparedTransactions),
    branches: participants.flatMap(({ branches }) => branches),
    heuristicDecisions: participants.flatMap((each) => each.heuristicDecisions),
    topics,
    acknowledged,
    ...handlingsOf(record),
    history: historyOf(record),
  };
}

/** The parts of a running lab that a snapshot is read from. */
interface SnapshotLab {
  databases: LabDatabases;
  topics: Pick<LabTopics, 'messages'>;
  record: Pick<RecordTail, 'readNow'>;
  journal: string;
  keysKeptMs: number | null;
}

/**
 * Reads the snapshot of a lab that is up.
 * @param lines  events of its record; INV-13 counts a message without a handling in them as skipped
 */
export function snapshotOf(
  { databases, topics, record, journal, keysKeptMs }: SnapshotLab,
  acknowledged: Snapshot['acknowledged'],
  lines?: readonly RecordLine[],
): Promise<Snapshot> {
  const rest = { journal, keysKeptMs };
  const sources = { databases: poolsOf(databases), topics: topics.messages(), ...rest };
  // The record is read after the topics, so every handling of the messages read is in it.
  return readSnapshot({ ...sources, acknowledged, record: lines ?? record.readNow() });
}

async function readOrder(tx: Queries) {
  return {
    orders: await tx.query<Snapshot['orders'][number]>(
      `select id, customer_id as "customerId", status, reason, total_cents as "totalCents",
              coordination
         from orders order by id`,
    ),
    orderLines: await tx.query<Snapshot['orderLines'][number]>(
      `select order_id as "orderId", sku, quantity, unit_price_cents as "unitPriceCents"
         from order_lines order by order_id, sku`,
    ),
    sagas: await tx.query<Snapshot['sagas'][number]>(
      `select id, key as "orderId", status, awaiting, attempts from sagas order by id`,
    ),
    keys: await readKeys(tx),
    outbox: await readOutbox(tx, 'order'),
    ...(await readBranches(tx, 'order')),
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
              amount_cents as "amountCents", status, method
         from payments order by id`,
    ),
    cardCharges: await tx.query<Snapshot['cardCharges'][number]>(
      `select order_id as "orderId", key, status, amount_cents as "amountCents"
         from card_charges order by id`,
    ),
    outbox: await readOutbox(tx, 'payment'),
    inbox: await readInbox(tx, 'payment'),
    ...(await readBranches(tx, 'payment')),
  };
}

async function readKeys(tx: Queries): Promise<Snapshot['keys']> {
  const rows = await tx.query<Omit<Snapshot['keys'][number], 'bodyHash'> & { body: unknown }>(
    `select scope, key, status, body, case when status < 300 then body->>'id' end as "orderId",
            status is null and leased_until > clock_timestamp() as "inProgress"
       from idempotency_keys order by scope, key`,
  );
  return rows.map(({ body, ...row }) => {
    return { ...row, bodyHash: row.status === null ? null : hashOf(JSON.stringify(body)) };
  });
}

async function readInventory(tx: Queries) {
  return {
    stock: await tx.query<Snapshot['stock'][number]>(
      `select sku, opening, available, held, made_to_order as "madeToOrder"
         from stock order by sku`,
    ),
    reservations: await tx.query<Snapshot['reservations'][number]>(
      `select id, order_id as "orderId", sku, quantity, status from reservations order by id`,
    ),
    outbox: await readOutbox(tx, 'inventory'),
    inbox: await readInbox(tx, 'inventory'),
    ...(await readBranches(tx, 'inventory')),
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

/** The branches of one participant: the ended ones, and the prepared ones. */
async function readBranches(tx: Queries, owner: DatabaseOwner) {
  const branches = await tx.query<Omit<Snapshot['branches'][number], 'owner'>>(
    `select transaction_id as "transactionId", outcome, one_phase as "onePhase"
       from branches order by transaction_id`,
  );
  const heuristicDecisions = await tx.query<Omit<Snapshot['heuristicDecisions'][number], 'owner'>>(
    `select gid, transaction_id as "transactionId", decision
       from heuristic_decisions order by gid`,
  );
  const prepared = await listPrepared(tx);
  return {
    branches: branches.map((row) => ({ owner, ...row })),
    heuristicDecisions: heuristicDecisions.map((row) => ({ owner, ...row })),
    preparedTransactions: prepared.map(({ gid }) => ({ owner, gid })),
  };
}

function readTransactions(tx: Queries): Promise<Snapshot['transactions']> {
  return tx.query<Snapshot['transactions'][number]>(
    `select id, decision, participants, ended_at is not null as ended, damage
       from transactions order by id`,
  );
}
