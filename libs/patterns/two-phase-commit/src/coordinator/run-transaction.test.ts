import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure, type FailureCode } from '@indoubt/failure';
import { boundOf, withinDeadline } from '@indoubt/http/deadline';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Command, Switches } from '../protocol/coordinate.ts';
import { createCoordinator } from './coordinator.ts';
import type { DecisionLog } from './decision-log.ts';
import { createParticipantClients } from './participant-client.ts';
import type { ProtocolParts, Reply } from './run-transaction.ts';

const ID = '019aa000-0000-7000-8000-000000000001';
const USUAL = { presume: 'abort', branches: 'parallel', lastResource: false } as const;
const PREPARE_WITHIN_MS = 2_000;

function begin(
  parts: Pick<ProtocolParts, 'send'> & Partial<ProtocolParts>,
  names: string[],
  switches: Partial<Switches> = {},
) {
  const work = { type: 'reserve-stock', body: {} };
  const participants = names.map((name) => ({ name, work }));
  const coordinator = createCoordinator({ log: LOG, superseded: () => undefined, ...parts });
  return {
    coordinator,
    decided: coordinator.begin({ id: ID, participants, ...USUAL, ...switches }),
  };
}

const LOG: DecisionLog = {
  takeEpoch: async () => 1,
  begun: async () => undefined,
  decided: async () => undefined,
  ended: async () => undefined,
  damaged: async () => undefined,
  open: async () => [],
  read: async () => undefined,
};

/** Waits until the deadline of the client has passed. */
async function untilDeadlinePassed(): Promise<void> {
  while (boundOf(PREPARE_WITHIN_MS) > 0) await new Promise((turn) => setImmediate(turn));
}

/** A participant behind real HTTP; `received` resolves with its first commit or abort. */
async function participants({ answersPrepare }: { answersPrepare: boolean }) {
  const received = Promise.withResolvers<string>();
  const vote = JSON.stringify({ vote: 'yes', reason: null, detail: '' });
  const server = createServer((request, response) => {
    const command = request.url?.split('/').at(-1) ?? '';
    if (command === 'prepare') {
      if (answersPrepare) response.end(vote);
      return;
    }
    received.resolve(command);
    response.end(JSON.stringify({ did: command, damage: false }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients = createParticipantClients(new Map([['payment', url]]), 's', PREPARE_WITHIN_MS);
  onTestFinished(async () => {
    await clients.close();
    server.closeAllConnections();
    server.close();
  });
  return { send: clients.send, received: received.promise };
}

describe('the deadline of the client passes', () => {
  test('a commit is sent although the deadline of the client has passed', async () => {
    const { send, received } = await participants({ answersPrepare: true });
    const late = { ...LOG, decided: untilDeadlinePassed };
    const { decided } = withinDeadline(1_500, () => begin({ send, log: late }, ['payment']));
    expect(await received).toBe('commit');
    expect(await decided).toMatchObject({ decision: 'commit' });
  });

  test('a transaction with a hanging vote is aborted at the deadline of the client', async () => {
    const { send, received } = await participants({ answersPrepare: false });
    const before = performance.now();
    const { decided } = withinDeadline(100, () => begin({ send }, ['payment']));
    expect(await decided).toMatchObject({ decision: 'abort', reason: 'timed-out' });
    expect(performance.now() - before).toBeLessThan(PREPARE_WITHIN_MS);
    expect(await received).toBe('abort');
  });
});

test('the deadline of a request that brings a vote does not bound the next prepare', async () => {
  const contacted = Promise.withResolvers<void>();
  const bound = Promise.withResolvers<number>();
  const send: ProtocolParts['send'] = (to, command) => {
    if (to === 'order') contacted.resolve();
    else if (command === 'prepare') bound.resolve(boundOf(PREPARE_WITHIN_MS));
    return new Promise(() => undefined);
  };
  const { coordinator } = begin({ send }, ['order', 'payment'], { branches: 'sequential' });
  await contacted.promise;
  await withinDeadline(100, () => coordinator.vote(ID, 'order'));
  expect(await bound.promise).toBe(PREPARE_WITHIN_MS);
});

/** Participants in memory. `fail` returns the code with which an attempt fails, or undefined. */
function scripted(
  fail: (to: string, command: Command, attempt: number) => FailureCode | undefined,
) {
  const sent: string[] = [];
  const attempts = new Map<string, number>();
  const send: ProtocolParts['send'] = async (to, command): Promise<Reply> => {
    const what = `${command} ${to}`;
    const attempt = (attempts.get(what) ?? 0) + 1;
    attempts.set(what, attempt);
    sent.push(what);
    const code = fail(to, command, attempt);
    if (code !== undefined) throw new Failure(code, 'on purpose');
    if (command === 'prepare') return { kind: 'vote', vote: 'yes', reason: null, detail: '' };
    return { kind: 'acknowledged', damage: false };
  };
  return { send, sent };
}

test.each<[FailureCode]>([['breaker-open'], ['bulkhead-full'], ['not-reached']])(
  'a commit that fails with %s is retried after a pause and never becomes an abort',
  async (code) => {
    const { send, sent } = scripted((to, command, attempt) => {
      return to === 'payment' && command === 'commit' && attempt < 3 ? code : undefined;
    });
    const { coordinator, decided } = begin({ send }, ['payment', 'order']);
    expect(await decided).toMatchObject({ decision: 'commit' });
    await expect.poll(() => coordinator.open()).toEqual([]);
    expect(sent.filter((each) => each === 'commit payment')).toHaveLength(3);
    expect(sent.some((each) => each.startsWith('abort'))).toBe(false);
  },
);

test.each<[FailureCode, aborted: string[]]>([
  ['breaker-open', ['abort order']],
  ['not-reached', ['abort order']],
  ['timed-out', ['abort order', 'abort payment']],
  ['service-unavailable', ['abort order', 'abort payment']],
])(
  'after a prepare that fails with %s, every possible branch is aborted',
  async (code, aborted) => {
    const { send, sent } = scripted((to, command) => {
      return to === 'payment' && command === 'prepare' ? code : undefined;
    });
    const { coordinator, decided } = begin({ send }, ['order', 'payment']);
    expect(await decided).toMatchObject({ decision: 'abort', reason: code });
    await expect.poll(() => coordinator.open()).toEqual([]);
    const aborts = sent.filter((each) => each.startsWith('abort'));
    expect(new Set(aborts)).toEqual(new Set(aborted));
  },
);
