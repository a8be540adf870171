export { enqueue } from './enqueue.ts';
export { createLease, type Lease } from './lease.ts';
export { createOutbox, type Outbox, type OutboxRow } from './outbox-store.ts';
export { type RelayPass, relayOnce } from './relay-once.ts';
export { type RelayLoop, runRelay } from './run-relay.ts';
