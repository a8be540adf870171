-- Up Migration
-- For the metrics: finds the oldest open sagas without a scan of the ended ones.
create index sagas_open on sagas (started_at) where deadline_at is not null;

-- Down Migration
drop index sagas_open;
