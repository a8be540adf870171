import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flood } from './flood.ts';
import type { PostAnswer } from './scenario-client.ts';

const TOLD = { body: null, headers: {}, replayed: false, key: 'k', code: undefined };
const ANSWERS: PostAnswer[] = [
  { ...TOLD, status: 202, orderId: 'A', latencyMs: 10 },
  { ...TOLD, status: 503, code: 'overloaded', orderId: undefined, latencyMs: 2 },
  { ...TOLD, status: null, orderId: undefined, latencyMs: 5_000 },
  { ...TOLD, status: 202, orderId: 'B', latencyMs: 30 },
];

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('clients ask again once they are answered; what came of it is counted', async () => {
  const asked: number[] = [];
  const post = async (): Promise<PostAnswer> => {
    const answer = ANSWERS[asked.length - 1];
    vi.advanceTimersByTime(10);
    if (answer === undefined) throw new Error('asked once more, after the time was over');
    return answer;
  };
  const order = (n: number) => {
    asked.push(n);
    return { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
  };
  const { signal } = new AbortController();
  const flooded = await flood({ post }, { clients: 2, forMs: 25, order }, signal);
  expect(asked).toEqual([0, 1, 2]);
  expect(flooded).toEqual({
    sent: 3,
    byStatus: { '202': 1, '503 overloaded': 1, none: 1 },
    latencies: { p50Ms: 2, p95Ms: 10, p99Ms: 10, maxMs: 10 },
    accepted: ['A'],
  });
});
