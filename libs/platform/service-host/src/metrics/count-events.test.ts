import { renderMetrics } from '@indoubt/http';
import { type RecordEvent, record } from '@indoubt/record';
import { afterEach, expect, test } from 'vitest';

import { countEvents } from './count-events.ts';

const orderId = 'o';
const placed: RecordEvent<'order-placed'> = {
  event: 'order-placed',
  orderId,
  customerId: 'ada',
  totalCents: 900,
  lines: [{ sku: 'tea', quantity: 1 }],
  coordination: 'saga',
};

let end = () => undefined as unknown;
afterEach(() => void end());

async function lines(): Promise<string[]> {
  return (await renderMetrics()).text.split('\n').filter((line) => !line.startsWith('#'));
}

test('events are counted, and known labels begin at zero', async () => {
  end = countEvents('order');
  record(placed);
  record({ ...placed, coordination: '2pc' });
  record({ event: 'order-ended', orderId, status: 'REJECTED', reason: 'timed-out' });
  const all = await lines();
  expect(all).toContain('orders_placed_total{coordination="saga"} 1');
  expect(all).toContain('orders_placed_total{coordination="2pc"} 1');
  expect(all).toContain('orders_ended_total{status="CONFIRMED",reason="none"} 0');
  expect(all).toContain('orders_ended_total{status="REJECTED",reason="timed-out"} 1');
});

test('all unknown reasons share one series', async () => {
  end = countEvents('order');
  for (const reason of ['no tea today', 'toString', 'timed-out']) {
    record({ event: 'order-ended', orderId, status: 'REJECTED', reason });
  }
  const ended = (await lines()).filter((line) => line.startsWith('orders_ended_total'));
  expect(ended).toEqual([
    'orders_ended_total{status="CONFIRMED",reason="none"} 0',
    'orders_ended_total{status="REJECTED",reason="other"} 2',
    'orders_ended_total{status="REJECTED",reason="timed-out"} 1',
  ]);
});

test('a relay counts messages and their time in the outbox, and no orders', async () => {
  end = countEvents('relay-order');
  const reserve = { type: 'reserve-stock', step: 'reserve-stock', messageId: 'm' };
  const about = { orderId, sagaId: 's', ...reserve, topic: 'inventory.commands' };
  record({ event: 'message-sent', ...about, waitedMs: 200 });
  record(placed);
  const all = await lines();
  expect(all).toContain('outbox_messages_sent_total{topic="inventory.commands"} 1');
  expect(all).toContain('outbox_wait_seconds_sum{topic="inventory.commands"} 0.2');
  expect(all.some((line) => line.startsWith('orders_'))).toBe(false);
});

test('a branch whose vote was before a restart is not timed', async () => {
  end = countEvents('inventory');
  record({ event: 'branch-ended', orderId, decision: 'abort', how: 'done', heldMs: null });
  expect((await lines()).some((line) => line.includes('held_seconds_count'))).toBe(false);
});

test('the metrics are removed when counting ends', async () => {
  countEvents('order')();
  record(placed);
  expect((await lines()).some((line) => line.startsWith('orders_'))).toBe(false);
});
