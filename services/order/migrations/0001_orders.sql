-- Up Migration
create table customers (
  id   text primary key,
  name text not null
);

create table products (
  sku              text primary key,
  name             text   not null,
  unit_price_cents bigint not null check (unit_price_cents >= 0)
);

create table orders (
  id          uuid primary key,
  customer_id text        not null references customers (id),
  status      text        not null check (status in ('PENDING', 'CONFIRMED', 'REJECTED')),
  reason      text,
  total_cents bigint      not null check (total_cents >= 0),
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  check ((status = 'REJECTED') = (reason is not null))
);

-- Prices are copied into the line: a later price change must not change existing orders.
create table order_lines (
  order_id         uuid    not null references orders (id),
  sku              text    not null references products (sku),
  quantity         integer not null check (quantity > 0),
  unit_price_cents bigint  not null check (unit_price_cents >= 0),
  primary key (order_id, sku)
);

-- For the pages of GET /orders, newest first: a UUIDv7 sorts by the time of creation.
create index orders_customer on orders (customer_id, id desc);

-- Down Migration
drop table order_lines;
drop table orders;
drop table products;
drop table customers;
