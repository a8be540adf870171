export { enqueue } from './enqueue.ts';
export { enqueueUnderChaos } from './enqueue-under-chaos.ts';
export { createLease } from './lease.ts';
export { backlogOf, createOutbox } from './outbox-store.ts';
export { BATCH_ROWS_MAX } from './relay-once.ts';
export { relayUnderChaos } from './relay-under-chaos.ts';
export { runRelay } from './run-relay.ts';
