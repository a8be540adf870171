-- Up Migration
-- One row for each idempotency key of a caller and a route. Written with the answer in the transaction of the
-- business write; only an attempt that works outside of a transaction leaves a row without an answer, and a lease.
create table idempotency_keys (
  scope        text        not null,
  key          text        not null,
  fingerprint  text        not null,
  -- Who may complete it: an attempt that was taken over finds another name here.
  attempt      uuid        not null,
  leased_until timestamptz not null,
  status       integer,
  -- json, not jsonb: what is answered again must be what was answered, to the letter.
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
