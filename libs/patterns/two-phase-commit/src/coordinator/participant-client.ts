import { Failure } from '@indoubt/failure';
import { createHttpClient } from '@indoubt/http/http-client';
import type { Ask } from '../protocol/coordinate.ts';
import { endAnswer, voteAnswer, type Work } from '../protocol/messages.ts';
import type { Reply } from './run-transaction.ts';

/** How the coordinator reaches its participants, each by its name. */
export interface ParticipantClients {
  send(to: string, ask: Ask, id: string, work: Work | undefined): Promise<Reply>;
  close(): Promise<void>;
}

const END_WITHIN_MS = 2_000;
/** The protocol asks again by itself, or gives up: two layers that repeat would multiply. */
const ONCE = { retries: { attemptsMax: 1 } };
/** The participant gives up waiting for a lock before we give up waiting for its vote. */
const VOTE_MARGIN = 0.8;

/** @param prepareWithinMs how long a vote may take, in milliseconds */
export function createParticipantClients(
  urls: ReadonlyMap<string, string>,
  secret: string,
  prepareWithinMs: number,
): ParticipantClients {
  const open = (target: string, url: string) =>
    createHttpClient(url, { target, secret, resilience: ONCE });
  const voting = new Map([...urls].map(([name, url]) => [name, open(name, url)]));
  // Apart: votes that hang must not keep decisions from those who hold locks, and decisions that
  // are told again and again must not keep a participant that is back from being asked to vote.
  const telling = new Map([...urls].map(([name, url]) => [name, open(`${name}, phase two`, url)]));
  const lockWithinMs = Math.max(1, Math.round(prepareWithinMs * VOTE_MARGIN));
  return {
    async send(to, ask, id, work) {
      const isTold = ask === 'commit' || ask === 'abort';
      const client = (isTold ? telling : voting).get(to);
      // Of an older log: it is asked until somebody gives it an address.
      if (client === undefined) throw new Failure('not-reached', `"${to}" has no address here`);
      const request = { name: `${ask} ${to}`, path: `/transactions/${id}/${ask}` };
      if (isTold) {
        const withinMs = END_WITHIN_MS;
        const { damage } = await client.post({ ...request, body: {}, answer: endAnswer, withinMs });
        return { kind: 'acknowledged', damage };
      }
      const body = { work, withinMs: lockWithinMs };
      const withinMs = prepareWithinMs;
      return {
        kind: 'vote',
        ...(await client.post({ ...request, body, answer: voteAnswer, withinMs })),
      };
    },
    async close() {
      await Promise.all([...voting.values(), ...telling.values()].map((client) => client.close()));
    },
  };
}
