import { expect, test } from 'vitest';
import type { Decided, DecisionLog } from '../coordinator/decision-log.ts';
import { abortAlone } from './decides-alone.ts';
import { decideInMemory } from './no-decision-log.ts';

const COMMIT: Decided = {
  id: 't',
  decision: 'commit',
  reason: null,
  participants: ['payment'],
  traceparent: null,
};

/** The durable log: all that the next coordinator finds. */
function durableLog(): DecisionLog & { rows: Map<string, Decided> } {
  const rows = new Map<string, Decided>();
  return {
    rows,
    takeEpoch: async () => 1,
    begun: async () => undefined,
    decided: async (transaction) => void rows.set(transaction.id, transaction),
    ended: async () => undefined,
    damaged: async () => undefined,
    open: async () => [...rows.values()],
    read: async (id) => rows.get(id),
  };
}

test('no-decision-log: the next coordinator does not find the decision', async () => {
  const durable = durableLog();
  const log = decideInMemory(durable);
  await log.decided(COMMIT);
  expect(await log.read('t')).toEqual(COMMIT);
  expect(await decideInMemory(durable).read('t')).toBeUndefined();
  expect(await log.open()).toEqual([]);
});

test('no-decision-log: without a crash the log contains the decision in the end', async () => {
  const durable = durableLog();
  const log = decideInMemory(durable);
  await log.decided(COMMIT);
  await log.ended('t');
  expect(await durable.read('t')).toEqual(COMMIT);
});

test('decides-alone: a branch in doubt is aborted whatever the coordinator decided', async () => {
  expect((await abortAlone()).decision).toBe('abort');
});
