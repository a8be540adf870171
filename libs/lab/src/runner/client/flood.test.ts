import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flood } from './flood.ts';
import type { PostAnswer } from './scenario-client.ts';

const REST = { body: null, headers: {}, replayed: false, key: 'k', code: undefined };
const ANSWERS: PostAnswer[] = [
  { ...REST, status: 202, orderId: 'A', latencyMs: 10 },
  { ...REST, status: 503, code: 'overloaded', orderId: undefined, latencyMs: 2 },
  { ...REST, status: null, orderId: undefined, latencyMs: 5_000 },
  { ...REST, status: 202, orderId: 'B', latencyMs: 30 },
];

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('each client posts its next order after an answer, and flood counts the answers', async () => {
  const sent: number[] = [];
  const post = async (): Promise<PostAnswer> => {
    const answer = ANSWERS[sent.length - 1];
    vi.advanceTimersByTime(10);
    if (answer === undefined) throw new Error('an order was posted after the time was over');
    return answer;
  };
  const order = (n: number) => {
    sent.push(n);
    return { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
  };
  const { signal } = new AbortController();
  const flooded = await flood({ post }, { clients: 2, forMs: 25, order }, signal);
  expect(sent).toEqual([0, 1, 2]);
  expect(flooded).toEqual({
    sent: 3,
    byStatus: { '202': 1, '503 overloaded': 1, none: 1 },
    latencies: { p50Ms: 2, p95Ms: 10, p99Ms: 10, maxMs: 10 },
    accepted: ['A'],
  });
});
