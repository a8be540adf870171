-- Up Migration
-- How often the awaited command was sent.
alter table sagas rename column asked to attempts;

-- Down Migration
alter table sagas rename column attempts to asked;
