import type { Message, OutgoingMessage } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { expect, test } from 'vitest';
import type { Outbox, OutboxRow } from '../outbox-store.ts';
import { relayOnce } from '../relay-once.ts';
import { publishAtOnce } from './dual-write.ts';
import { markOnClaim } from './mark-before-publish.ts';
import { withNewIds } from './new-id-on-retry.ts';
import { NO_LEASE, skipLocked } from './no-key-order.ts';
import { markRange } from './range-mark.ts';

const message = (id: string): Message => ({
  id,
  topic: 'inventory.commands',
  key: 'order-1',
  type: 'reserve-stock',
  sagaId: 's',
  step: 'reserve-stock',
  body: {},
});

/** An outbox in memory and its database. Another relay has locked the rows `lockedIds`. */
function outboxWith(ids: number[], lockedIds: number[] = []) {
  const marked = new Set<number>();
  const row = (id: number): OutboxRow => ({
    id,
    createdAt: new Date(0),
    message: { ...message(`m${id}`), traceparent: null },
  });
  const outbox: Outbox = {
    lease: async () => null,
    claim: async () => ids.filter((id) => !marked.has(id)).map(row),
    markPublished: async (published) => published.forEach((id) => void marked.add(id)),
    deletePublished: async () => 0,
    answers: async () => true,
    release: async () => undefined,
  };
  const tx: Queries = {
    async query<Row>(text: string, [value]: readonly unknown[] = []) {
      if (text.startsWith('select')) {
        return ids.filter((id) => !lockedIds.includes(id)).map((id) => ({ id })) as Row[];
      }
      for (const id of ids) if (id <= Number(value)) marked.add(id);
      return [];
    },
  };
  return { outbox, tx, ids, marked };
}

function fakeTx(): Tx {
  return {
    query: async () => [],
    write: () => undefined,
    writes: () => 0,
    onCommit: () => undefined,
  };
}

test('mark-before-publish: rows that the broker refused are marked as published', async () => {
  const { outbox, marked } = outboxWith([1, 2]);
  const publish = () => Promise.reject(new Error('no answer'));
  const pass = { outbox: markOnClaim(outbox), lease: NO_LEASE, publish };
  await expect(relayOnce(pass)).rejects.toThrow('no answer');
  expect([...marked]).toEqual([1, 2]);
});

test('range-mark: a lower id that commits meanwhile is marked but never sent', async () => {
  const { outbox, tx, ids, marked } = outboxWith([7]);
  const sent: string[] = [];
  const publish = async (messages: OutgoingMessage[]) => {
    sent.push(...messages.map(({ id }) => id));
    ids.push(6);
  };
  await relayOnce({ outbox: markRange(tx, outbox), lease: NO_LEASE, publish });
  expect(sent).toEqual(['m7']);
  expect(marked).toEqual(new Set([6, 7]));
});

test('no-key-order: a row is sent before an earlier row that another relay locks', async () => {
  const { outbox, tx } = outboxWith([1, 2], [1]);
  const sent: string[] = [];
  const publish = async (messages: OutgoingMessage[]) =>
    void sent.push(...messages.map(({ id }) => id));
  await relayOnce({ outbox: skipLocked(tx, outbox), lease: NO_LEASE, publish });
  expect(sent).toEqual(['m2']);
});

test('dual-write: the broker gets the message before the transaction is committed', async () => {
  const sent: string[] = [];
  const send = publishAtOnce(async (messages) => void sent.push(...messages.map(({ id }) => id)));
  await send(fakeTx(), [message('m1')]);
  expect(sent).toEqual(['m1']);
});

test('new-id-on-retry: a message that is sent twice gets two ids', async () => {
  const sent: string[] = [];
  const send = withNewIds((_tx, messages) => void sent.push(...messages.map(({ id }) => id)));
  await send(fakeTx(), [message('m1')]);
  await send(fakeTx(), [message('m1')]);
  expect(new Set(sent).size).toBe(2);
});
