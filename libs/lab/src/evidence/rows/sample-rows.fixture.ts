import { ORDER_ID } from '../record/sample-events.fixture.ts';
import type { RunRows, SeenChange } from './run-rows.ts';

/** When the run of `sampleLines` began. */
const BEGAN = 1_700_000_000_000;

const MUGS = { sku: 'mug', available: 20, held: 0 };
const TEA = { sku: 'tea', available: 5, held: 0 };
const HELD = { ...TEA, available: 4, held: 1 };

/** What polls of the databases saw in the run of `sampleLines`, with additional rows for tests. */
export function sampleRunRows(): RunRows {
  const order = { id: ORDER_ID, status: 'PENDING', reason: null };
  const message = { id: 1, message_id: 'a', topic: 'inventory.commands', key: ORDER_ID };
  const reserve = { ...message, step: 'reserve-stock', published_at: null };
  const inbox = { saga_id: ORDER_ID, step: 'reserve-stock', message_id: 'a' };
  const rejected = { ...order, status: 'REJECTED', reason: 'payment-declined' };
  return {
    version: 1,
    databases: [
      {
        owner: 'order',
        tables: [
          { name: 'orders', key: ['id'], columns: Object.keys(order), before: [] },
          { name: 'outbox', key: ['id'], columns: Object.keys(reserve), before: [] },
        ],
      },
      {
        owner: 'inventory',
        tables: [
          { name: 'inbox', key: ['saga_id', 'step'], columns: Object.keys(inbox), before: [] },
          { name: 'stock', key: ['sku'], columns: Object.keys(TEA), before: [TEA, MUGS] },
        ],
      },
    ],
    changes: [
      change(['order', 'orders', 'added'], order, [0, 7]),
      change(['order', 'outbox', 'added'], reserve, [0, 7]),
      change(['inventory', 'inbox', 'added'], inbox, [0, 15]),
      change(['inventory', 'stock', 'changed'], HELD, [0, 15], ['available', 'held']),
      change(['order', 'outbox', 'changed'], { ...reserve, published_at: '…' }, [7, 20], MARK),
      change(['inventory', 'stock', 'changed'], TEA, [15, 41], ['available', 'held']),
      change(['order', 'orders', 'changed'], rejected, [20, 47], ['status', 'reason']),
    ],
    prepared: [{ owner: 'payment', gid: 'stock-import-7', from: BEGAN + 10, until: null }],
    waits: [
      {
        owner: 'inventory',
        pid: 12,
        name: 'inventory',
        waitsFor: 'the end of a transaction',
        statement: 'update stock set held = held + 1',
        heldBy: 'stock-import-7',
        from: BEGAN + 13,
        until: BEGAN + 30,
      },
    ],
    polls: { done: 9, missed: 0, tookMs: 21 },
    leftOut: [],
  };
}

const MARK = ['published_at'];

function change(
  [owner, table, kind]: [SeenChange['owner'], string, SeenChange['kind']],
  row: SeenChange['row'],
  [after, at]: [number, number],
  columns: string[] = [],
): SeenChange {
  return { owner, table, kind, row, columns, after: BEGAN + after, at: BEGAN + at };
}
