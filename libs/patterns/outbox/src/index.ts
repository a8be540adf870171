export { chosenEnqueue } from './chosen-enqueue.ts';
export { chosenRelayPass } from './chosen-relay-pass.ts';
export { enqueue } from './enqueue.ts';
export { createLease } from './lease.ts';
export { backlogOf, createOutbox } from './outbox-store.ts';
export { BATCH_ROWS_MAX } from './relay-once.ts';
export { runRelay } from './run-relay.ts';
