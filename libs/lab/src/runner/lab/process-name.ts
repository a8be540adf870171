/** The lab's processes: a relay for each database, and a card processor that is not the shop's. */
export const PROCESS_NAMES = [
  'order',
  'payment',
  'inventory',
  'coordinator',
  'relay-order',
  'relay-payment',
  'relay-inventory',
  'card-processor',
] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];
