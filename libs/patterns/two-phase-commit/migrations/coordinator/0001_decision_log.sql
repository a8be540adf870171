-- Up Migration
-- Who may decide: a coordinator that starts takes the next epoch, and one of an older epoch writes nothing.
create table coordinator_epoch (
  one_row  boolean primary key default true check (one_row),
  epoch    bigint      not null,
  taken_at timestamptz not null
);
insert into coordinator_epoch (epoch, taken_at) values (0, clock_timestamp());

-- The decision log. Presumed abort: only what is committed has a row, and the row is the commit point.
-- Presumed nothing: a row without a decision from the beginning, and one for an abort as well.
create table transactions (
  id           uuid primary key,
  decision     text check (decision in ('commit', 'abort')),
  -- Those that must hear the decision.
  participants text[]      not null,
  reason       text,
  epoch        bigint      not null,
  traceparent  text,
  begun_at     timestamptz not null default clock_timestamp(),
  decided_at   timestamptz,
  -- All participants have acknowledged: nobody will ask again.
  ended_at     timestamptz,
  -- Participants that had done the opposite already: an operator's heuristic decision.
  damage       text[]      not null default '{}',
  check ((decision is null) = (decided_at is null))
);

create index transactions_open on transactions (id) where ended_at is null;

-- Down Migration
drop table transactions;
drop table coordinator_epoch;
