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

/** The coordinators, as participants see them: one decides, others may stand by. */
export interface CoordinatorClient {
  /**
   * @throws Failure, definite when none could be asked ('not-reached', 'stood-down',
   *   'breaker-open', …); all else is indefinite, and only `status` may be asked then
   */
  begin(transaction: BeginBody, withinMs: number): Promise<Outcome>;
  /** Asks about a branch that is prepared here; the question is a vote. @throws Failure */
  vote(id: string, participant: string): Promise<Verdict>;
  /** @throws Failure when no coordinator answers */
  status(id: string): Promise<TransactionStatus>;
  close(): Promise<void>;
}

const ASK_WITHIN_MS = 1_000;
const NOT_BEGUN: FailureCode[] = [
  'not-reached',
  'stood-down',
  'breaker-open',
  'bulkhead-full',
  'overloaded',
];
/** A question may be asked of the next one whenever this one has no answer to it. */
const NO_ANSWER: FailureCode[] = [
  ...NOT_BEGUN,
  'timed-out',
  'service-unavailable',
  'superseded',
  'database-unavailable',
];

/** With another one to ask, asking that is better than asking this one again. */
const ONCE = { retries: { attemptsMax: 1 } };

export function createCoordinatorClient(urls: string[], secret: string): CoordinatorClient {
  const open = (target: string) => {
    const again = urls.length > 1 ? { resilience: ONCE } : {};
    return urls.map((url) => createHttpClient(url, { target, secret, ...again }));
  };
  const beginning = open('coordinator');
  // Apart: whoever is in doubt asks again and again, and must neither stop those who would begin,
  // nor be stopped by them.
  const questions = open('coordinator, when in doubt');
  return {
    // Never of a second coordinator when the first may have begun it: both could decide.
    begin: (body, withinMs) =>
      askInTurn(beginning, NOT_BEGUN, (client) => {
        const request = { name: 'begin transaction', path: '/transactions', body, withinMs };
        return client.post({ ...request, answer: outcome });
      }),
    // Whoever is in doubt must learn how it ended, also when nobody waits for it any more.
    vote: (id, participant) =>
      withoutDeadline(() =>
        askInTurn(questions, NO_ANSWER, (client) =>
          client.post({
            name: 'ask for the decision',
            path: `/transactions/${id}/votes`,
            body: { participant, vote: 'yes' },
            answer: verdict,
            withinMs: ASK_WITHIN_MS,
            repeatable: true,
          }),
        ),
      ),
    status: (id) =>
      withoutDeadline(() =>
        askInTurn(questions, NO_ANSWER, (client) => {
          const request = { name: 'ask for the outcome', path: `/transactions/${id}` };
          return client.get({ ...request, answer: transactionStatus, withinMs: ASK_WITHIN_MS });
        }),
      ),
    async close() {
      await Promise.all([...beginning, ...questions].map((client) => client.close()));
    },
  };
}

/** Of the first that answers, or fails in a way after which the `next` must not be asked. */
async function askInTurn<T>(
  clients: HttpClient[],
  next: FailureCode[],
  ask: (client: HttpClient) => Promise<T>,
): Promise<T> {
  let last: unknown = new Failure('invalid-config', 'there is no coordinator to ask');
  for (const client of clients) {
    try {
      return await ask(client);
    } catch (error) {
      if (!(error instanceof Failure) || !next.includes(error.code)) throw error;
      last = error;
    }
  }
  throw last;
}
