import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { branchWork, Refused, readWork } from './branch-work.ts';

const tx: Tx = {
  query: async () => [],
  write: () => undefined,
  writes: () => 0,
  onCommit: () => undefined,
};
const done: StepAnswer = { outcome: 'done' };
const refused: StepAnswer = { outcome: 'refused', reason: 'payment-declined', detail: 'no' };
const pay = { type: 'pay', body: z.object({ cents: z.int() }) };

test('`prior` gets the body, the id and the time-out, and returns the work', async () => {
  const calls: string[] = [];
  const work = branchWork({
    ...pay,
    act: async () => done,
    async prior({ cents }, id, withinMs) {
      calls.push(`before: ${cents} of ${id} within ${withinMs}`);
      return async () => {
        calls.push('in it');
        return done;
      };
    },
  });
  const effect = await readWork([work], { type: 'pay', body: { cents: 5 } })('t', 100);
  expect(calls).toEqual(['before: 5 of t within 100']);
  await effect(tx);
  expect(calls).toEqual(['before: 5 of t within 100', 'in it']);
});

test('without `prior` the work is `act`, and its refusal is thrown as Refused', async () => {
  const work = branchWork({ ...pay, act: async () => refused });
  const effect = await readWork([work], { type: 'pay', body: { cents: 5 } })('t', 100);
  await expect(effect(tx)).rejects.toBeInstanceOf(Refused);
});

test('invalid work is refused before `prior` is called', () => {
  let calls = 0;
  const prior = async () => {
    calls += 1;
    return async () => done;
  };
  const work = branchWork({ ...pay, act: async () => done, prior });
  expect(() => readWork([work], { type: 'pay', body: { cents: 'five' } })).toThrow('pay');
  expect(() => readWork([work], { type: 'play', body: {} })).toThrow('no work of type "play"');
  expect(calls).toBe(0);
});
