/** Each database, and the processes that connect to it. */
export const DATABASES = {
  orders: ['order', 'relay-order'],
  payments: ['payment', 'relay-payment'],
  inventory: ['inventory', 'relay-inventory'],
  coordinator: ['coordinator'],
} as const;

const MESSENGERS = [
  'order',
  'payment',
  'inventory',
  'relay-order',
  'relay-payment',
  'relay-inventory',
] as const;
const PARTICIPANTS = ['order', 'payment', 'inventory'] as const;

/** Every connection between two processes: the process that opens it `->` its target. */
export const LINKS: readonly string[] = [
  ...Object.entries(DATABASES).flatMap(([database, processes]) =>
    processes.map((process) => `${process}->${database}-db`),
  ),
  ...MESSENGERS.map((process) => `${process}->kafka`),
  ...PARTICIPANTS.map((process) => `${process}->coordinator`),
  ...PARTICIPANTS.map((process) => `coordinator->${process}`),
  'payment->card-processor',
];

/** The topics whose messages a fault can drop, duplicate or reorder before they are handled. */
export const MESSAGE_TOPICS = ['inventory.commands', 'payment.commands', 'saga.replies'] as const;

/**
 * Broken variants: each leaves a guarantee out, as people do by mistake, and the checkers must find
 * it. `of`: the processes that can run the variant. `piece`: the piece that it replaces; two
 * variants of the same piece exclude each other.
 */
export const VARIANTS = {
  'dual-write': { of: ['order'], piece: 'outbox' },
  'mark-before-publish': { of: ['relay-order', 'relay-payment', 'relay-inventory'], piece: 'mark' },
  'range-mark': { of: ['relay-order', 'relay-payment', 'relay-inventory'], piece: 'mark' },
  'no-key-order': { of: ['relay-order', 'relay-payment', 'relay-inventory'], piece: 'claim' },
  'no-inbox': { of: ['payment', 'inventory'], piece: 'inbox' },
  'inbox-outside-transaction': { of: ['payment', 'inventory'], piece: 'inbox' },
  'offset-before-commit': { of: ['order', 'payment', 'inventory'], piece: 'offset' },
  'undo-known-only': { of: ['order'], piece: 'saga' },
  'undo-errors-swallowed': { of: ['inventory'], piece: 'undo' },
  'undo-needs-action': { of: ['inventory'], piece: 'undo' },
  'no-decision-log': { of: ['coordinator'], piece: 'log' },
  'decides-alone': { of: ['order', 'payment', 'inventory'], piece: 'recovery' },
  'new-id-on-retry': { of: ['order', 'payment', 'inventory'], piece: 'inbox' },
  'undo-past-pivot': { of: ['order'], piece: 'saga' },
  'check-then-act': { of: ['order'], piece: 'key' },
} as const satisfies Record<string, { of: readonly string[]; piece: string }>;
export type VariantName = keyof typeof VARIANTS;
