import type { OutgoingMessage, Topic } from '@indoubt/contracts';
import { answers, type Queries } from '@indoubt/database';

export interface OutboxRow {
  /** Position in the outbox: messages of one key are sent in this order. */
  id: number;
  message: OutgoingMessage;
  createdAt: Date;
}

/** The operations of an outbox that the relay needs. */
export interface Outbox {
  /** Acquires or renews the lease. @returns its epoch, or null while another relay holds it */
  lease(holder: string, leaseMs: number): Promise<number | null>;
  /** Unpublished rows, oldest first. */
  claim(rowsMax: number): Promise<OutboxRow[]>;
  markPublished(ids: number[]): Promise<void>;
  /** Deletes rows published longer ago than `retainMs`. @returns rows deleted, at most `rowsMax` */
  deletePublished(retainMs: number, rowsMax: number): Promise<number>;
  /** Whether the outbox can be read now; for readiness. */
  answers(): Promise<boolean>;
  /** Releases the lease, so that a standby relay need not wait until the lease ends. */
  release(holder: string): Promise<void>;
}

interface Row {
  id: number;
  message_id: string;
  topic: Topic;
  key: string;
  type: string;
  saga_id: string;
  step: string;
  body: unknown;
  traceparent: string | null;
  created_at: Date;
}

export function createOutbox(tx: Queries): Outbox {
  return {
    async lease(holder, leaseMs) {
      const [row] = await tx.query<{ epoch: number }>(
        `update outbox_lease
            set epoch = epoch + (holder <> $1)::int, holder = $1,
                until = clock_timestamp() + $2 * interval '1 ms'
          where holder = $1 or until < clock_timestamp()
          returning epoch`,
        [holder, leaseMs],
      );
      return row?.epoch ?? null;
    },
    async claim(rowsMax) {
      // No cursor ("id > the last id read"): a row with a lower id may commit later and be missed.
      const rows = await tx.query<Row>(
        `select id, message_id, topic, key, type, saga_id, step, body, traceparent, created_at
           from outbox where published_at is null order by id asc limit $1`,
        [rowsMax],
      );
      return rows.map(toOutboxRow);
    },
    async markPublished(ids) {
      await tx.query('update outbox set published_at = clock_timestamp() where id = any ($1)', [
        ids,
      ]);
    },
    async deletePublished(retainMs, rowsMax) {
      const rows = await tx.query(
        `delete from outbox where id in (
           select id from outbox
            where published_at < clock_timestamp() - $1 * interval '1 ms' limit $2)
         returning id`,
        [retainMs, rowsMax],
      );
      return rows.length;
    },
    answers: () => answers(tx),
    async release(holder) {
      await tx.query(`update outbox_lease set until = '-infinity' where holder = $1`, [holder]);
    },
  };
}

/** The unpublished messages of an outbox. */
export interface Backlog {
  /** Messages that are not marked as published, counted up to 10,000. */
  messages: number;
  /** Milliseconds since the oldest of these messages was written; 0 without messages. */
  oldestMs: number;
}

/** Bounds the cost of the query. */
const COUNTED_MAX = 10_000;

/** Counts the backlog of an outbox. */
export async function backlogOf(read: Queries): Promise<Backlog> {
  const [row] = await read.query<Backlog>(
    `select count(*)::int as messages,
            coalesce(1000 * extract(epoch from clock_timestamp() - min(created_at)), 0)::float8
              as "oldestMs"
       from (select created_at from outbox where published_at is null order by id limit $1) as due`,
    [COUNTED_MAX],
  );
  return row ?? { messages: 0, oldestMs: 0 };
}

function toOutboxRow(row: Row): OutboxRow {
  const { id, topic, key, type, step, body, traceparent } = row;
  const message = { id: row.message_id, topic, key, type, sagaId: row.saga_id, step, body };
  return { id, createdAt: row.created_at, message: { ...message, traceparent } };
}
