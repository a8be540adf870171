import { expect, test } from 'vitest';
import { postUntilAnswered } from './post-until-answered.ts';
import type { PostAnswer } from './scenario-client.ts';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const REST = { body: null, headers: {}, replayed: false, orderId: undefined, latencyMs: 1 };
const LOST = { status: null, code: undefined };
const IN_USE = { status: 409, code: 'idempotency-key-in-use' };
const IN_DOUBT = { status: 503, code: 'in-doubt' };
const ACCEPTED = { status: 202, code: undefined };
const REFUSED = { status: 422, code: 'unknown-sku' };
const { signal } = new AbortController();
const NO_PAUSE = { baseMs: 0, maxMs: 0 };

/** A service that gives these answers one after the other. */
function scripted(answers: Pick<PostAnswer, 'status' | 'code'>[]) {
  const keys: (string | null | undefined)[] = [];
  const post = async (...[, options]: [unknown, { key?: string | null }?]): Promise<PostAnswer> => {
    const answer = answers[keys.length] ?? LOST;
    keys.push(options?.key);
    return { ...REST, ...answer, key: 'k' };
  };
  return { keys, post };
}

test.each([
  ['accepted at last', [LOST, IN_USE, IN_DOUBT, ACCEPTED], 202],
  ['refused for good', [LOST, REFUSED], 422],
])('an order is retried with the same key until it is %s', async (_what, answers, status) => {
  const { keys, post } = scripted(answers);
  const patience = { withinMs: 60_000, backOff: NO_PAUSE };
  const answer = await postUntilAnswered({ post }, TEA, {}, signal, patience);
  expect(answer.status).toBe(status);
  expect(keys).toEqual([undefined, ...answers.slice(1).map(() => 'k')]);
});

test('after its time-out the client returns the last answer', async () => {
  const { keys, post } = scripted([IN_USE, ACCEPTED]);
  const patience = { withinMs: 0, backOff: NO_PAUSE };
  expect(await postUntilAnswered({ post }, TEA, {}, signal, patience)).toMatchObject(IN_USE);
  expect(keys).toHaveLength(1);
});

test('a retry comes no sooner than Retry-After says', async () => {
  const postedAt: number[] = [];
  const post = async (): Promise<PostAnswer> => {
    postedAt.push(performance.now());
    const answer = postedAt.length === 1 ? IN_USE : ACCEPTED;
    return { ...REST, ...answer, headers: { 'retry-after': '0.05' }, key: 'k' };
  };
  await postUntilAnswered({ post }, TEA, {}, signal, { withinMs: 60_000, backOff: NO_PAUSE });
  const [first = 0, second = 0] = postedAt;
  expect(second - first).toBeGreaterThan(45);
});
