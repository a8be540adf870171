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
] as const;
export type FailpointName = (typeof FAILPOINTS)[number];
