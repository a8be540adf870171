-- Up Migration
-- One row for each idempotency key of a caller and a route. The row and its answer are written in the transaction
-- of the business write. Only an attempt that calls other services first commits a row without an answer: a lease.
create table idempotency_keys (
  scope        text        not null,
  key          text        not null,
  fingerprint  text        not null,
  -- The attempt that may complete the row. An attempt that was taken over finds another id here.
  attempt      uuid        not null,
  leased_until timestamptz not null,
  status       integer,
  -- json, not jsonb: a replay must equal the first answer byte for byte.
  headers      json,
  body         json,
  created_at   timestamptz not null default clock_timestamp(),
  expires_at   timestamptz not null,
  primary key (scope, key),
  check ((status is null) = (body is null))
);

create index idempotency_keys_expiry on idempotency_keys (expires_at);
create index idempotency_keys_open on idempotency_keys (leased_until) where status is null;

-- Down Migration
drop table idempotency_keys;
