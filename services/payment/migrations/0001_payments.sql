-- Up Migration
create table accounts (
  customer_id        text primary key,
  opening_cents      bigint not null,
  balance_cents      bigint not null,
  credit_limit_cents bigint not null check (credit_limit_cents >= 0),
  check (balance_cents >= -credit_limit_cents)
);

-- One row for each attempted capture, with its result. Deliberately not unique by order: only the inbox prevents a
-- redelivered command from charging twice, and the invariants show it if the inbox fails.
create table payments (
  id           uuid primary key,
  order_id     uuid        not null,
  customer_id  text        not null,
  amount_cents bigint      not null check (amount_cents >= 0),
  status       text        not null check (status in ('CAPTURED', 'DECLINED')),
  reason       text,
  created_at   timestamptz not null default clock_timestamp(),
  check ((status = 'DECLINED') = (reason is not null))
);

create index payments_order on payments (order_id);

-- Down Migration
drop table payments;
drop table accounts;
