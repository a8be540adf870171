-- Up Migration
-- The protocol that placed the order. It tells the checkers whether to read the saga or the transaction.
alter table orders
  add column coordination text not null default 'saga' check (coordination in ('saga', '2pc'));

-- Down Migration
alter table orders drop column coordination;
