import type { Row } from '../../evidence/rows/row.ts';
import type { ReportData, ReportDatabase, RowChange } from './report-data.ts';

const ORDER_EVERY_MS = 300;

/** Rows of a made-up run: orders placed and rejected, stock held and given back. */
export function sampleTables(labels: string[], eventsOfEach: number): ReportDatabase[] {
  return [
    { owner: 'order', tables: [ordersTable(labels, eventsOfEach)] },
    { owner: 'inventory', tables: [stockTable(labels, eventsOfEach)] },
  ];
}

function ordersTable(labels: string[], eventsOfEach: number) {
  const columns = ['id', 'status', 'total_cents', 'reason'];
  const placed = (index: number): Row => row(columns, [idOf(index), 'PENDING', 2400, null]);
  const rejected = (index: number): Row =>
    row(columns, [idOf(index), 'REJECTED', 2400, 'payment-declined']);
  const changes = labels.flatMap((order, index): RowChange[] => {
    const first = index * eventsOfEach;
    const at = index * ORDER_EVERY_MS;
    return [
      { ...change(at + 8, first + 1, order), kind: 'added', row: placed(index), columns: [] },
      {
        ...change(at + 250, first + eventsOfEach - 1, order),
        kind: 'changed',
        row: rejected(index),
        columns: ['status', 'reason'],
      },
    ];
  });
  const after = labels.map((_, index) => rejected(index));
  return { name: 'orders', key: ['id'], columns, before: [], after, changes };
}

function stockTable(labels: string[], eventsOfEach: number) {
  const columns = ['sku', 'available', 'held'];
  const tea = (held: number): Row => row(columns, ['tea', 100 - held, held]);
  const others = [row(columns, ['mug', 20, 0]), row(columns, ['kettle', 5, 0])];
  const changes = labels.flatMap((order, index): RowChange[] =>
    [
      { atMs: 49, event: 8, held: 2 },
      { atMs: 228, event: 9, held: 0 },
    ].map(({ atMs, event, held }) => ({
      ...change(index * ORDER_EVERY_MS + atMs, index * eventsOfEach + event, order),
      kind: 'changed' as const,
      row: tea(held),
      columns: ['available', 'held'],
    })),
  );
  const all = [tea(0), ...others];
  return { name: 'stock', key: ['sku'], columns, before: all, after: all, changes };
}

function row(columns: string[], values: Row[string][]): Row {
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null]));
}

function change(atMs: number, event: number, order: string) {
  return { atMs, event, order };
}

function idOf(index: number): string {
  return `01a1ffc6-f06d-771a-840e-${String(index + 1).padStart(12, '0')}`;
}

/** The data of the whole run: prepared transactions, locks, faults, checks, comparison. */
export function sampleInDoubt(coordination: 'saga' | '2pc') {
  const crash =
    coordination === 'saga' ? 'relay-order:published-not-marked' : 'coordinator:decided';
  return {
    prepared: coordination === '2pc' ? [prepared('inventory', 212), prepared('payment', null)] : [],
    locks: [
      {
        owner: 'inventory',
        statement: 'UPDATE stock',
        heldBy: 'lab/inventory/01a1',
        fromMs: 33,
        untilMs: 46,
        event: 7,
      },
    ],
    faults: [
      { rule: `crash@${crash}`, events: [5] },
      { rule: 'delay@link:order->payment', events: [] },
    ],
    checks: checks(coordination === 'saga'),
    comparison: {
      title: 'What an order costs',
      columns: ['saga', '2pc'],
      rows: [{ what: 'until the answer', values: ['9 ms', '230 ms'] }],
      notes: ['Measured on two cores.'],
    },
    leftOut: ['12 events of the relays that found nothing to send.'],
  } satisfies Partial<ReportData>;
}

function prepared(owner: string, untilMs: number | null): ReportData['prepared'][number] {
  const gid = `lab/${owner}/01a1ffc6`;
  return { owner, gid, order: 'A', fromMs: 18, untilMs, event: owner === 'payment' ? 3 : 2 };
}

function checks(holds: boolean): ReportData['checks'] {
  return [
    {
      id: 'INV-1',
      title: 'Money is conserved',
      holds: true,
      evidence: '3 accounts: 1205.00 opening = 1205.00 left + 0.00 captured',
      event: null,
    },
    {
      id: 'INV-6',
      title: 'One effect for each command, however often delivered',
      holds,
      evidence: holds ? '6 messages with 1 repeat: 3 inbox rows' : 'tea: held twice',
      event: holds ? null : 6,
    },
    { id: '', title: 'the order is rejected', holds: true, evidence: 'REJECTED', event: null },
  ];
}
