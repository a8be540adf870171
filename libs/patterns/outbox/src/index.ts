export { chosenEnqueue } from './chosen-enqueue.ts';
export { chosenRelayPass } from './chosen-relay-pass.ts';
export { enqueue } from './enqueue.ts';
export { createLease } from './lease.ts';
export { backlogOf, createOutbox } from './outbox-store.ts';
/** @public `relayOnce` is one pass of the relay; services take it by `chosenRelayPass`. */
export { BATCH_ROWS_MAX, relayOnce } from './relay-once.ts';
export { runRelay } from './run-relay.ts';
