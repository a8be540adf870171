import { renderMetrics } from '@indoubt/http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { measure } from './measure.ts';
import { measureLoop, measurePool } from './measure-process.ts';

async function lines(): Promise<string[]> {
  return (await renderMetrics()).text.split('\n').filter((line) => !line.startsWith('#'));
}

test('metrics of the patterns are in base units, with the oldest of each kind', async () => {
  measure({
    outbox: async () => ({ messages: 3, oldestMs: 1_500 }),
    sagas: async () => [{ awaiting: 'reserve-stock', count: 2, oldestMs: 250 }],
    prepared: async () => ({ own: [], others: [{ ageMs: 10 }, { ageMs: 3_000 }] }),
    lag: async () => [{ topic: 'saga.replies', partition: 1, messages: 4 }],
    claims: { new: 5, replay: 1 },
    transactions: () => ['one'],
  });
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'outbox_pending_messages 3',
      'outbox_oldest_pending_seconds 1.5',
      'sagas_open{awaiting="reserve-stock"} 2',
      'saga_oldest_open_seconds{awaiting="reserve-stock"} 0.25',
      'prepared_transactions{kind="branch"} 0',
      'prepared_transactions{kind="orphan"} 2',
      'prepared_transaction_oldest_seconds{kind="orphan"} 3',
      'kafka_consumer_lag_messages{topic="saga.replies",partition="1"} 4',
      'idempotency_requests_total{outcome="new"} 5',
      'transactions_open 1',
    ]),
  );
});

test('a pool has metrics of its busy and idle connections and of waiting requests', async () => {
  const pool = { totalCount: 7, idleCount: 2, waitingCount: 1, options: { max: 10 } };
  onTestFinished(measurePool(pool));
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'database_pool_connections{state="busy"} 5',
      'database_pool_connections{state="idle"} 2',
      'database_pool_connections_max 10',
      'database_pool_waiting 1',
    ]),
  );
});

test('the delay of the event loop has values from the second scrape on', async () => {
  onTestFinished(measureLoop());
  const values = async () =>
    (await lines()).filter((line) => line.startsWith('event_loop_delay_max_seconds'));
  expect(await values()).toEqual([]);
  await vi.waitFor(async () => expect(await values()).toHaveLength(1));
});
