-- Up Migration
-- Which protocol placed the order: the checkers and readers ask the saga or the transaction accordingly.
alter table orders
  add column coordination text not null default 'saga' check (coordination in ('saga', '2pc'));

-- Down Migration
alter table orders drop column coordination;
