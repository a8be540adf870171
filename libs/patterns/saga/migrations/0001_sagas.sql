-- Up Migration
create table sagas (
  id          uuid primary key,
  name        text        not null,
  key         text        not null,
  status      text        not null
              check (status in ('running', 'compensating', 'completed', 'compensated')),
  -- The step or undo whose answer the saga waits for; null once the saga has ended.
  awaiting    text,
  asked       integer     not null,
  reason      text,
  data        jsonb       not null,
  -- A durable timer: when it is due, any copy of the service retries the command or undoes the saga.
  deadline_at timestamptz,
  traceparent text,
  started_at  timestamptz not null default clock_timestamp(),
  ended_at    timestamptz,
  check ((awaiting is null) = (status in ('completed', 'compensated')))
);

create index sagas_due on sagas (deadline_at) where deadline_at is not null;
create index sagas_key on sagas (key);

-- Down Migration
drop table sagas;
