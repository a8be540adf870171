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

test('what comes before the transaction is told for whom, and gives its work', async () => {
  const told: string[] = [];
  const work = branchWork({
    ...pay,
    act: async () => done,
    async prior({ cents }, id, withinMs) {
      told.push(`before: ${cents} of ${id} within ${withinMs}`);
      return async () => {
        told.push('in it');
        return done;
      };
    },
  });
  const effect = await readWork([work], { type: 'pay', body: { cents: 5 } })('t', 100);
  expect(told).toEqual(['before: 5 of t within 100']);
  await effect(tx);
  expect(told).toEqual(['before: 5 of t within 100', 'in it']);
});

test('without it, the work is what is done in the transaction', async () => {
  const work = branchWork({ ...pay, act: async () => refused });
  const effect = await readWork([work], { type: 'pay', body: { cents: 5 } })('t', 100);
  await expect(effect(tx)).rejects.toBeInstanceOf(Refused);
});

test('work that cannot be read is refused before anything is done', () => {
  let asked = 0;
  const prior = async () => {
    asked += 1;
    return async () => done;
  };
  const work = branchWork({ ...pay, act: async () => done, prior });
  expect(() => readWork([work], { type: 'pay', body: { cents: 'five' } })).toThrow('pay');
  expect(() => readWork([work], { type: 'play', body: {} })).toThrow('no work of type "play"');
  expect(asked).toBe(0);
});
