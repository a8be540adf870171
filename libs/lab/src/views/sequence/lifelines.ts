import type { Lifeline, SequenceStep } from '../page/sequence-model.ts';

/** From left to right: clients, then each service beside its database and its relay. */
const LIFELINES: readonly Lifeline[] = [
  { id: 'operator', kind: 'outside' },
  { id: 'client', kind: 'client' },
  { id: 'order', kind: 'process' },
  { id: 'orders-db', kind: 'database' },
  { id: 'relay-order', kind: 'process' },
  { id: 'coordinator', kind: 'process' },
  { id: 'coordinator-db', kind: 'database' },
  { id: 'kafka', kind: 'broker' },
  { id: 'inventory', kind: 'process' },
  { id: 'inventory-db', kind: 'database' },
  { id: 'relay-inventory', kind: 'process' },
  { id: 'payment', kind: 'process' },
  { id: 'payments-db', kind: 'database' },
  { id: 'relay-payment', kind: 'process' },
  { id: 'card-processor', kind: 'outside' },
];

const DATABASES: Record<string, string> = {
  order: 'orders-db',
  payment: 'payments-db',
  inventory: 'inventory-db',
  coordinator: 'coordinator-db',
};

/**
 * The database that a process writes to (a relay: that of its service); else the process itself.
 */
export function databaseOf(process: string): string {
  return DATABASES[process.replace(/^relay-/, '')] ?? process;
}

export function isKnownLifeline(id: string): boolean {
  return LIFELINES.some((one) => one.id === id);
}

/** The lifelines that occur in the steps. An unknown lifeline comes last. */
export function lifelinesOf(steps: readonly SequenceStep[]): Lifeline[] {
  const seen = new Set(steps.flatMap(({ from, to }) => [from, to]));
  const unknown = [...seen].filter((id) => !isKnownLifeline(id));
  return [
    ...LIFELINES.filter(({ id }) => seen.has(id)),
    ...unknown.map((id): Lifeline => ({ id, kind: 'process' })),
  ];
}
