-- Up Migration
-- A customer with a card pays by it, at the card processor; the balance is not touched then.
-- The version is a row's ETag: whoever changes an account bumps it.
alter table accounts
  add column card    text,
  add column version bigint not null default 1;

alter table payments
  add column method text not null default 'account' check (method in ('account', 'card'));

-- Our book of what is asked of the card processor, one row for each key: written before it is asked (saga),
-- or with the branch that relies on the answer (2PC). Whoever finds it open goes on with it.
--   REQUESTED  to be charged; the answer to the saga is owed
--   HELD       the processor holds the amount, the order is committed; to be captured
--   CAPTURED, DECLINED, VOIDED (given up before the processor was ever asked)  are final
create table card_charges (
  id                  uuid primary key,
  -- Ours, and the idempotency key at the processor: asking twice is asking once.
  key                 text        not null unique,
  order_id            uuid        not null,
  customer_id         text        not null,
  amount_cents        bigint      not null check (amount_cents > 0),
  card                text        not null,
  status              text        not null
    check (status in ('REQUESTED', 'HELD', 'CAPTURED', 'DECLINED', 'VOIDED')),
  -- Whom to answer; null for a branch, whose answer was its vote.
  saga_id             uuid,
  step                text,
  message_id          text,
  traceparent         text,
  attempts            integer     not null default 0,
  -- An attempt was begun whose end nobody knows: the card may be charged, so it can only be asked again.
  may_be_charged      boolean     not null default false,
  -- When it is due; an attempt under way puts it off, so that no other copy asks as well.
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
