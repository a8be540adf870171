-- Up Migration
create table stock (
  sku       text primary key,
  opening   integer not null check (opening >= 0),
  available integer not null check (available >= 0),
  held      integer not null check (held >= 0)
);

-- One row for each reserved line. Deliberately not unique by order and sku: only the inbox prevents a redelivered
-- command from reserving twice, and the invariants show it if the inbox fails.
create table reservations (
  id          uuid primary key,
  order_id    uuid        not null,
  sku         text        not null references stock (sku),
  quantity    integer     not null check (quantity > 0),
  status      text        not null check (status in ('HELD', 'RELEASED')),
  created_at  timestamptz not null default clock_timestamp(),
  released_at timestamptz,
  check ((status = 'RELEASED') = (released_at is not null))
);

create index reservations_order on reservations (order_id);

-- Down Migration
drop table reservations;
drop table stock;
