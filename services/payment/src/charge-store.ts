import type { CapturePayment } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { traceparent } from '@indoubt/record';
import type { ReplyTo } from '@indoubt/saga';
import { v7 } from 'uuid';
import type { ChargeState, ChargeStatus } from './charge.ts';
import type { OwnCharge } from './reconcile.ts';

/** A due charge, claimed for one attempt. */
export interface DueCharge extends ChargeState {
  id: string;
  key: string;
  orderId: string;
  customerId: string;
  amountCents: number;
  card: string;
  /** The command to answer; null for a branch, whose answer was its vote. */
  sagaId: string | null;
  step: string | null;
  messageId: string | null;
  traceparent: string | null;
  /** Number of attempts, including this one. */
  attempts: number;
  processorChargeId: string | null;
}

export async function readCard(read: Queries, customerId: string): Promise<string | null> {
  const [account] = await read.query<{ card: string | null }>(
    'select card from accounts where customer_id = $1',
    [customerId],
  );
  return account?.card ?? null;
}

/** Inserts a charge that is to be requested. Even without an inbox, its key is unique. */
export function insertRequested(
  tx: Tx,
  command: CapturePayment,
  card: string,
  replyTo: ReplyTo,
): void {
  const { orderId, customerId, amountCents } = command;
  const { sagaId, step, messageId } = replyTo;
  tx.write(
    `insert into card_charges (id, key, order_id, customer_id, amount_cents, card, status,
                               saga_id, step, message_id, traceparent)
     values ($1, $2, $3, $4, $5, $6, 'REQUESTED', $7, $8, $9, $10) on conflict (key) do nothing`,
    [
      v7(),
      `${sagaId}:${step}`,
      orderId,
      customerId,
      amountCents,
      card,
      sagaId,
      step,
      messageId,
      traceparent(),
    ],
  );
}

/** Inserts a hold, in the branch that relies on it. After the commit the hold is captured. */
export function insertHeld(
  tx: Tx,
  { orderId, customerId, amountCents }: CapturePayment,
  { key, card, id }: { key: string; card: string; id: string },
): void {
  tx.write(
    `insert into card_charges (id, key, order_id, customer_id, amount_cents, card, status,
                               traceparent, processor_charge_id)
     values ($1, $2, $3, $4, $5, $6, 'HELD', $7, $8)`,
    [v7(), key, orderId, customerId, amountCents, card, traceparent(), id],
  );
}

/**
 * Claims due charges for one attempt each. For `leaseMs` no other copy of the service claims them;
 * after that, another copy retries them. `may_be_charged` is on disk before the request is sent.
 */
export function claimDue(read: Queries, rowsMax: number, leaseMs: number): Promise<DueCharge[]> {
  return read.query<DueCharge>(
    `with due as (
       select id, may_be_charged as before from card_charges
        where status in ('REQUESTED', 'HELD') and next_at <= clock_timestamp()
        order by next_at limit $1 for update skip locked)
     update card_charges c
        set attempts = attempts + 1, may_be_charged = true,
            next_at = clock_timestamp() + $2 * interval '1 ms'
       from due where c.id = due.id
     returning c.id, key, order_id as "orderId", customer_id as "customerId",
               amount_cents as "amountCents", card, status, saga_id as "sagaId", step,
               message_id as "messageId", traceparent, attempts,
               processor_charge_id as "processorChargeId", due.before as "mayBeCharged"`,
    [rowsMax, leaseMs],
  );
}

export interface Settlement {
  status: ChargeStatus;
  /**
   * Write only if no later attempt has begun. `attempts` is the fence: each claim increments it.
   */
  onlyIfLatest: boolean;
  processorChargeId: string | null;
}

/**
 * Ends a charge.
 * @returns false without a write, when the charge has ended meanwhile, or a later attempt has begun
 */
export async function settleCharge(
  tx: Queries,
  { id, status, attempts }: Pick<DueCharge, 'id' | 'status' | 'attempts'>,
  { status: to, onlyIfLatest, processorChargeId }: Settlement,
): Promise<boolean> {
  const rows = await tx.query(
    `update card_charges
        set status = $3, processor_charge_id = coalesce($4, processor_charge_id),
            may_be_charged = false, updated_at = clock_timestamp()
      where id = $1 and status = $2 and ($5::int is null or attempts = $5) returning id`,
    [id, status, to, processorChargeId, onlyIfLatest ? attempts : null],
  );
  return rows.length > 0;
}

/** Delays a charge until its next attempt, unless it has ended or another attempt has begun. */
export async function putOff(
  read: Queries,
  { id, status, attempts }: Pick<DueCharge, 'id' | 'status' | 'attempts'>,
  mayBeCharged: boolean,
  delayMs: number,
): Promise<void> {
  await read.query(
    `update card_charges
        set may_be_charged = $4, next_at = clock_timestamp() + $5 * interval '1 ms'
      where id = $1 and status = $2 and attempts = $3`,
    [id, status, attempts, mayBeCharged, delayMs],
  );
}

const OWN = `select key, order_id as "orderId", amount_cents as "amountCents", card, status
               from card_charges`;

export function listCharges(read: Queries): Promise<OwnCharge[]> {
  return read.query<OwnCharge>(`${OWN} order by id`);
}

export function findCharges(read: Queries, keys: string[]): Promise<OwnCharge[]> {
  return read.query<OwnCharge>(`${OWN} where key = any ($1)`, [keys]);
}

/** Inserts the payment of a card charge, without a change of the balance. */
export function insertCardPayment(
  tx: Tx,
  { orderId, customerId, amountCents }: CapturePayment,
  reason: string | null,
): void {
  tx.write(
    `insert into payments (id, order_id, customer_id, amount_cents, status, reason, method)
     values ($1, $2, $3, $4, case when $5::text is null then 'CAPTURED' else 'DECLINED' end, $5,
             'card')`,
    [v7(), orderId, customerId, amountCents, reason],
  );
}
