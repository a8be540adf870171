-- Up Migration
-- The oldest that have not ended, without a look at all others: for the metrics.
create index sagas_open on sagas (started_at) where deadline_at is not null;

-- Down Migration
drop index sagas_open;
