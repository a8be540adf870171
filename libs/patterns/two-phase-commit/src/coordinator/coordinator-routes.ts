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
 * Begin, vote, status, and the list of what is open.
 * @param knows whether a participant of that name has an address
 * @param mayDecide false once another coordinator has taken over: nothing is answered then
 */
export function coordinatorRoutes(
  coordinator: Coordinator,
  mayDecide: () => boolean,
  knows: (participant: string) => boolean,
): Route[] {
  const decider: Decider = () => {
    if (mayDecide()) return coordinator;
    throw new Failure('stood-down', 'Another coordinator has taken over: ask that one.');
  };
  return [beginning(decider, knows), voting(decider), ...reading(decider)];
}

function beginning(decider: Decider, knows: (participant: string) => boolean): Route {
  return route(
    {
      method: 'POST',
      path: '/transactions',
      summary: 'Runs a global transaction; answered once it is decided',
      body: beginBody,
      answers: { 200: outcome },
      problems: ['stood-down', 'superseded'],
      secured: true,
    },
    async ({ body, response }) => {
      const stranger = body.participants.find(({ name }) => !knows(name));
      if (stranger !== undefined) {
        throw new Failure('invalid-request', `There is no participant "${stranger.name}".`);
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
      summary: 'A prepared participant votes again, and so asks how it ended',
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
        summary: 'What was decided, and who does not know it yet',
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
        summary: 'Transactions that this coordinator is working on',
        answers: { 200: openTransactions },
        problems: ['stood-down'],
        secured: true,
      },
      ({ response }) => response.json({ items: decider().open() }),
    ),
  ];
}
