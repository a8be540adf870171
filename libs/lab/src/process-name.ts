/** The lab's service processes. One relay for each database. */
export const PROCESS_NAMES = [
  'order',
  'payment',
  'inventory',
  'coordinator',
  'relay-order',
  'relay-payment',
  'relay-inventory',
] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];
