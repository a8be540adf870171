import { Failure } from '@indoubt/failure';
import { createHttpClient } from '@indoubt/http/http-client';
import type { Command } from '../protocol/coordinate.ts';
import { endAnswer, voteAnswer, type Work } from '../protocol/messages.ts';
import type { Reply } from './run-transaction.ts';

/** The coordinator's HTTP clients for its participants. */
export interface ParticipantClients {
  send(to: string, command: Command, id: string, work: Work | undefined): Promise<Reply>;
  close(): Promise<void>;
}

const END_WITHIN_MS = 2_000;
/** No retries in the client: the protocol itself retries, and two layers would multiply. */
const ONCE = { retries: { attemptsMax: 1 } };
/** The share of the vote's time for locks, so that a lock time-out comes before a vote time-out. */
const VOTE_MARGIN = 0.8;

/** @param prepareWithinMs milliseconds that a vote may take */
export function createParticipantClients(
  urls: ReadonlyMap<string, string>,
  secret: string,
  prepareWithinMs: number,
): ParticipantClients {
  const open = (target: string, url: string) =>
    createHttpClient(url, { target, secret, resilience: ONCE });
  const phaseOne = new Map([...urls].map(([name, url]) => [name, open(name, url)]));
  // A separate breaker for each phase: hanging votes must not block decisions that free locks, and
  // retries of decisions must not block votes of a participant that works again.
  const phaseTwo = new Map([...urls].map(([name, url]) => [name, open(`${name}, phase two`, url)]));
  const lockWithinMs = Math.max(1, Math.round(prepareWithinMs * VOTE_MARGIN));
  return {
    async send(to, command, id, work) {
      const isDecision = command === 'commit' || command === 'abort';
      const client = (isDecision ? phaseTwo : phaseOne).get(to);
      // A participant from an older log: retried until its address is configured.
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
