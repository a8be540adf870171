-- Up Migration
create table outbox (
  id           bigint generated always as identity primary key,
  message_id   text        not null,
  topic        text        not null,
  key          text        not null,
  type         text        not null,
  saga_id      uuid        not null,
  step         text        not null,
  body         jsonb       not null,
  traceparent  text,
  created_at   timestamptz not null default clock_timestamp(),
  published_at timestamptz
);

-- The index that the relay reads: its size depends on the backlog, not on the number of published rows.
create index outbox_unpublished on outbox (id) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;

-- One row: which relay may publish, and until when. The epoch grows when another relay takes the lease.
create table outbox_lease (
  one    boolean primary key default true check (one),
  holder text        not null,
  epoch  bigint      not null,
  until  timestamptz not null
);
insert into outbox_lease (holder, epoch, until) values ('nobody', 0, '-infinity');

-- Down Migration
drop table outbox_lease;
drop table outbox;
