-- Up Migration
-- A customer with a card pays by card, at the card processor; the balance is not changed then.
-- The version is the ETag of the account: every change increments it.
alter table accounts
  add column card    text,
  add column version bigint not null default 1;

alter table payments
  add column method text not null default 'account' check (method in ('account', 'card'));

-- Payment's own book of card charges, one row for each key. A row is written before the request to the card processor
-- (saga), or in the branch, after the hold was made (2PC). The charge worker completes open rows.
--   REQUESTED  to be charged; the answer to the saga is owed
--   HELD       the processor holds the amount, and the order is committed; to be captured
--   CAPTURED, DECLINED, VOIDED (given up before any request was sent)  are final
create table card_charges (
  id                  uuid primary key,
  -- Also the idempotency key at the processor, so that a repeated request has no effect.
  key                 text        not null unique,
  order_id            uuid        not null,
  customer_id         text        not null,
  amount_cents        bigint      not null check (amount_cents > 0),
  card                text        not null,
  status              text        not null
    check (status in ('REQUESTED', 'HELD', 'CAPTURED', 'DECLINED', 'VOIDED')),
  -- The command to answer; null for a branch, whose answer was its vote.
  saga_id             uuid,
  step                text,
  message_id          text,
  traceparent         text,
  attempts            integer     not null default 0,
  -- The result of an attempt is unknown: the card may be charged, so the charge must be retried.
  may_be_charged      boolean     not null default false,
  -- When the next attempt is due. An attempt in progress sets a later time, as a lease against other copies.
  next_at             timestamptz not null default clock_timestamp(),
  processor_charge_id uuid,
  created_at          timestamptz not null default clock_timestamp(),
  updated_at          timestamptz not null default clock_timestamp(),
  check ((saga_id is null) = (step is null) and (saga_id is null) = (message_id is null)),
  check (status <> 'HELD' or processor_charge_id is not null)
);

create index card_charges_due on card_charges (next_at) where status in ('REQUESTED', 'HELD');
create index card_charges_order on card_charges (order_id);

-- Down Migration
drop table card_charges;
alter table payments drop column method;
alter table accounts drop column version, drop column card;
