import { Failure } from '@indoubt/failure';
import { createHttpClient } from '@indoubt/http/http-client';
import type { Command } from '../protocol/coordinate.ts';
import { endAnswer, voteAnswer, type Work } from '../protocol/messages.ts';
import type { Reply } from './run-transaction.ts';

/** How the coordinator reaches its participants, each by its name. */
export interface ParticipantClients {
  send(to: string, command: Command, id: string, work: Work | undefined): Promise<Reply>;
  close(): Promise<void>;
}

const END_WITHIN_MS = 2_000;
/** The protocol retries by itself, or gives up: two layers of retries would multiply. */
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
  const phaseOne = new Map([...urls].map(([name, url]) => [name, open(name, url)]));
  // Apart: votes that hang must not block decisions to participants with locks, and decisions that
  // are sent again and again must not block a vote of a participant that is back.
  const phaseTwo = new Map([...urls].map(([name, url]) => [name, open(`${name}, phase two`, url)]));
  const lockWithinMs = Math.max(1, Math.round(prepareWithinMs * VOTE_MARGIN));
  return {
    async send(to, command, id, work) {
      const isDecision = command === 'commit' || command === 'abort';
      const client = (isDecision ? phaseTwo : phaseOne).get(to);
      // Of an older log: retried until somebody configures its address.
      if (client === undefined) throw new Failure('not-reached', `"${to}" has no address here`);
      const request = { name: `${command} ${to}`, path: `/transactions/${id}/${command}` };
      if (isDecision) {
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
      await Promise.all(
        [...phaseOne.values(), ...phaseTwo.values()].map((client) => client.close()),
      );
    },
  };
}
