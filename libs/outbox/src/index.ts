export { enqueue } from './enqueue.ts';
export { createLease } from './lease.ts';
export { createOutbox } from './outbox-store.ts';
export { BATCH_ROWS_MAX, relayOnce } from './relay-once.ts';
export { runRelay } from './run-relay.ts';
