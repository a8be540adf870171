import { type Route, route } from '@indoubt/chassis';
import { z } from 'zod';
import type { Branches } from './branches.ts';
import type { Decision } from './coordinate.ts';
import { branchBody, endAnswer, voteAnswer } from './messages.ts';

export const transactionPath = z.object({ id: z.uuid() });

/** What the coordinator asks of a participant. Each may come twice, late, or in another order. */
export function branchRoutes(branches: Branches): Route[] {
  return [
    working('prepare', 'Does its part of a transaction, keeps it ready, and votes', (id, body) =>
      branches.prepare(id, body),
    ),
    working('commit-one-phase', 'Does its part and commits it: nobody else writes', (id, body) =>
      branches.commitOnePhase(id, body),
    ),
    ending(branches, 'commit', 'Commits what was prepared'),
    ending(branches, 'abort', 'Takes back what was prepared, and what may still come'),
  ];
}

function working(ask: string, summary: string, work: Branches['prepare']): Route {
  return route(
    {
      method: 'POST',
      path: `/transactions/:id/${ask}`,
      summary,
      params: transactionPath,
      body: branchBody,
      answers: { 200: voteAnswer },
      problems: [],
      secured: true,
    },
    async ({ params, body, response }) => response.json(await work(params.id, body)),
  );
}

function ending(branches: Branches, decision: Decision, summary: string): Route {
  return route(
    {
      method: 'POST',
      path: `/transactions/:id/${decision}`,
      summary,
      params: transactionPath,
      answers: { 200: endAnswer },
      problems: [],
      secured: true,
    },
    async ({ params, response }) => response.json(await branches.end(params.id, decision)),
  );
}
