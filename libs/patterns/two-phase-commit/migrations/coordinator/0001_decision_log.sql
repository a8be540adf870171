-- Up Migration
-- The fence: a coordinator takes the next epoch when it starts. A coordinator of an older epoch cannot decide.
create table coordinator_epoch (
  one_row  boolean primary key default true check (one_row),
  epoch    bigint      not null,
  taken_at timestamptz not null
);
insert into coordinator_epoch (epoch, taken_at) values (0, clock_timestamp());

-- The decision log. Presumed abort: only a committed transaction has a row, and the row is the commit point.
-- Presumed nothing: every transaction has a row, from the beginning and without a decision.
create table transactions (
  id           uuid primary key,
  decision     text check (decision in ('commit', 'abort')),
  -- The participants that must get the decision.
  participants text[]      not null,
  reason       text,
  epoch        bigint      not null,
  traceparent  text,
  begun_at     timestamptz not null default clock_timestamp(),
  decided_at   timestamptz,
  -- Set when all participants have acknowledged: no participant needs the decision any more.
  ended_at     timestamptz,
  -- Participants that had already done the opposite, by an operator's heuristic decision.
  damage       text[]      not null default '{}',
  check ((decision is null) = (decided_at is null))
);

create index transactions_open on transactions (id) where ended_at is null;

-- Down Migration
drop table transactions;
drop table coordinator_epoch;
