-- Up Migration
-- One row for each step (or undo) of a saga that was handled here. An undo also inserts the row of its action, so
-- that a late action is refused. The key is (saga, step), not the message: a repeated action, an undo before its
-- action and an action after its undo all find the same row.
create table inbox (
  saga_id     uuid        not null,
  step        text        not null,
  message_id  text        not null,
  answer      jsonb,
  received_at timestamptz not null default clock_timestamp(),
  primary key (saga_id, step)
);

-- Down Migration
drop table inbox;
