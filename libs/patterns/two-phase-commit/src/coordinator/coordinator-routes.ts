import { Failure } from '@indoubt/failure';
import { type Route, route } from '@indoubt/http';
import {
  beginBody,
  openTransactions,
  outcome,
  transactionPath,
  transactionStatus,
  verdict,
  voteBody,
} from '../protocol/messages.ts';
import type { Coordinator } from './coordinator.ts';

/** The coordinator while it may decide. @throws Failure 'stood-down' once another has taken over */
type Decider = () => Coordinator;

/**
 * The routes to begin a transaction, to vote, and to read one or all open transactions.
 * @param mayDecide false once another coordinator has taken over: then every request is refused
 * @param isKnown whether a participant of that name has an address
 */
export function coordinatorRoutes(
  coordinator: Coordinator,
  mayDecide: () => boolean,
  isKnown: (participant: string) => boolean,
): Route[] {
  const decider: Decider = () => {
    if (mayDecide()) return coordinator;
    const detail = 'Another coordinator has taken over: send the request to that coordinator.';
    throw new Failure('stood-down', detail);
  };
  return [beginning(decider, isKnown), voting(decider), ...reading(decider)];
}

function beginning(decider: Decider, isKnown: (participant: string) => boolean): Route {
  return route(
    {
      method: 'POST',
      path: '/transactions',
      summary: 'Runs a global transaction, and answers once the transaction is decided',
      body: beginBody,
      answers: { 200: outcome },
      problems: ['stood-down', 'superseded'],
      secured: true,
    },
    async ({ body, response }) => {
      const unknown = body.participants.find(({ name }) => !isKnown(name));
      if (unknown !== undefined) {
        throw new Failure('invalid-request', `There is no participant "${unknown.name}".`);
      }
      response.json(await decider().begin(body));
    },
  );
}

function voting(decider: Decider): Route {
  return route(
    {
      method: 'POST',
      path: '/transactions/:id/votes',
      summary: 'A prepared participant sends its vote again to get the decision',
      params: transactionPath,
      body: voteBody,
      answers: { 200: verdict },
      problems: ['stood-down', 'superseded'],
      secured: true,
    },
    async ({ params, body, response }) =>
      response.json(await decider().vote(params.id, body.participant)),
  );
}

function reading(decider: Decider): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/transactions/:id',
        summary: 'The decision, and the participants that have not acknowledged it',
        params: transactionPath,
        answers: { 200: transactionStatus },
        problems: ['stood-down'],
        secured: true,
      },
      async ({ params, response }) => response.json(await decider().status(params.id)),
    ),
    route(
      {
        method: 'GET',
        path: '/transactions',
        summary: 'Transactions in progress at this coordinator',
        answers: { 200: openTransactions },
        problems: ['stood-down'],
        secured: true,
      },
      ({ response }) => response.json({ items: decider().open() }),
    ),
  ];
}
