-- Up Migration
-- A product that is made to order, such as a download, has no stock and no reservations.
alter table stock
  add column made_to_order boolean not null default false,
  add check (not made_to_order or (opening = 0 and available = 0 and held = 0));

-- Down Migration
alter table stock drop column made_to_order;
