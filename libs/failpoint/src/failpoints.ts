/**
 * The named crash points. A name says where, then what has happened and what has not: the window
 * in which a process may die. Each is hit by a scenario or a test (test/architecture checks).
 */
export const FAILPOINTS = [
  // Reservation, inbox row and reply are committed; Kafka's offset is not. The command comes again.
  'inventory:handled-not-acknowledged',
  // The charge, inbox row and reply are committed; Kafka's offset is not. The command comes again.
  'payment:handled-not-acknowledged',
  // The saga has moved and its next command is in the outbox; the reply's offset is not committed.
  'order:advanced-not-acknowledged',
  // Kafka has the messages, the outbox rows are unmarked. The relay will publish them again.
  'relay:published-not-marked',
  // The branch's work is done in an open transaction; PREPARE TRANSACTION is not sent. It is lost.
  'inventory:worked-not-prepared',
  'payment:worked-not-prepared',
  'order:worked-not-prepared',
  // The branch is prepared and on disk; the coordinator has not heard the vote. In doubt.
  'inventory:prepared-not-voted',
  'payment:prepared-not-voted',
  'order:prepared-not-voted',
  // The branch is committed or rolled back; the coordinator does not know, and tells it again.
  'inventory:finished-not-acknowledged',
  'payment:finished-not-acknowledged',
  'order:finished-not-acknowledged',
  // All have voted yes; the decision is not written. Nobody can know it: it becomes an abort.
  'coordinator:voted-not-decided',
  // The decision is durable and nobody has heard it. It stands: the next coordinator tells it.
  'coordinator:decided-not-told',
  // All have acknowledged; the log does not say so yet. They are told once more.
  'coordinator:told-not-ended',
] as const;
export type FailpointName = (typeof FAILPOINTS)[number];
