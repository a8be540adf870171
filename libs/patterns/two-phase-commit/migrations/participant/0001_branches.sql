-- Up Migration
-- How each branch ended. 'committed' is written inside the branch itself: the row is visible only after the branch
-- is committed, and a repeated prepare finds it. 'aborted' is a tombstone: it refuses a prepare that comes after
-- the abort.
create table branches (
  transaction_id uuid primary key,
  outcome        text        not null check (outcome in ('committed', 'aborted')),
  -- Committed without a prepare, since no other participant wrote anything.
  one_phase      boolean     not null default false,
  ended_at       timestamptz not null default clock_timestamp(),
  check (not one_phase or outcome = 'committed')
);

-- Decisions that an operator made without the coordinator's decision.
create table heuristic_decisions (
  gid            text primary key,
  -- Null for a prepared transaction that does not belong to this lab.
  transaction_id uuid,
  decision       text        not null check (decision in ('commit', 'abort')),
  decided_at     timestamptz not null default clock_timestamp()
);

-- Down Migration
drop table heuristic_decisions;
drop table branches;
