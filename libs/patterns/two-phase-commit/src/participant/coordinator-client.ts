import { Failure, type FailureCode } from '@indoubt/failure';
import { withoutDeadline } from '@indoubt/http/deadline';
import { createHttpClient, type HttpClient } from '@indoubt/http/http-client';
import {
  type BeginBody,
  type Outcome,
  outcome,
  type TransactionStatus,
  transactionStatus,
  type Verdict,
  verdict,
} from '../protocol/messages.ts';

/** A participant's client for the coordinators: one decides, others may be on standby. */
export interface CoordinatorClient {
  /**
   * @throws Failure, definite when no coordinator got the request ('not-reached', 'stood-down',
   *   'breaker-open', …); after any other failure (indefinite) only `status` may be called
   */
  begin(transaction: BeginBody, withinMs: number): Promise<Outcome>;
  /** Sends the vote of a prepared branch again to get the decision. @throws Failure */
  vote(id: string, participant: string): Promise<Verdict>;
  /** @throws Failure when no coordinator answers */
  status(id: string): Promise<TransactionStatus>;
  close(): Promise<void>;
}

const ANSWER_WITHIN_MS = 1_000;
const NOT_BEGUN: FailureCode[] = [
  'not-reached',
  'stood-down',
  'breaker-open',
  'bulkhead-full',
  'overloaded',
];
/** After these failures a query tries the next coordinator. */
const NO_ANSWER: FailureCode[] = [
  ...NOT_BEGUN,
  'timed-out',
  'service-unavailable',
  'superseded',
  'database-unavailable',
];

/** With several coordinators, the next coordinator is tried instead of a retry. */
const ONCE = { retries: { attemptsMax: 1 } };

export function createCoordinatorClient(urls: string[], secret: string): CoordinatorClient {
  const open = (target: string) => {
    const again = urls.length > 1 ? { resilience: ONCE } : {};
    return urls.map((url) => createHttpClient(url, { target, secret, ...again }));
  };
  const beginning = open('coordinator');
  // A separate breaker: queries of branches in doubt are repeated, and must neither block new
  // transactions nor be blocked by them.
  const queries = open('coordinator, when in doubt');
  return {
    // No second coordinator is tried if the first may have begun it: both could decide.
    begin: (body, withinMs) =>
      firstAnswer(beginning, NOT_BEGUN, (client) => {
        const request = { name: 'begin transaction', path: '/transactions', body, withinMs };
        return client.post({ ...request, answer: outcome });
      }),
    // A branch in doubt needs the decision even after the deadline of the request has passed.
    vote: (id, participant) =>
      withoutDeadline(() =>
        firstAnswer(queries, NO_ANSWER, (client) =>
          client.post({
            name: 'request the decision',
            path: `/transactions/${id}/votes`,
            body: { participant, vote: 'yes' },
            answer: verdict,
            withinMs: ANSWER_WITHIN_MS,
            repeatable: true,
          }),
        ),
      ),
    status: (id) =>
      withoutDeadline(() =>
        firstAnswer(queries, NO_ANSWER, (client) => {
          const request = { name: 'request the outcome', path: `/transactions/${id}` };
          return client.get({ ...request, answer: transactionStatus, withinMs: ANSWER_WITHIN_MS });
        }),
      ),
    async close() {
      await Promise.all([...beginning, ...queries].map((client) => client.close()));
    },
  };
}

/** Tries the coordinators in order. Only a failure in `next` leads to the next coordinator. */
async function firstAnswer<T>(
  clients: HttpClient[],
  next: FailureCode[],
  send: (client: HttpClient) => Promise<T>,
): Promise<T> {
  let last: unknown = new Failure('invalid-config', 'no coordinator is configured');
  for (const client of clients) {
    try {
      return await send(client);
    } catch (error) {
      if (!(error instanceof Failure) || !next.includes(error.code)) throw error;
      last = error;
    }
  }
  throw last;
}
