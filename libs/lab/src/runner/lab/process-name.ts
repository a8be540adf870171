/** The lab's processes. Each database has a relay. The card processor is an external system. */
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
