import { type Route, route } from '@indoubt/http';
import { z } from 'zod';
import type { Decision } from '../protocol/coordinate.ts';
import {
  type BranchBody,
  branchBody,
  endAnswer,
  transactionPath,
  voteAnswer,
} from '../protocol/messages.ts';
import type { Branches } from './branches.ts';

/** A kind of work that a participant does. */
interface WorkType {
  type: string;
  body: z.ZodType;
}

/**
 * What the coordinator sends to a participant. Each may come twice, late, or in another order.
 * @param works  the work that is done here, and no other
 */
export function branchRoutes(branches: Branches, works: readonly WorkType[]): Route[] {
  const body = branchBody.extend({ work: z.union(works.map(schemaOf)) });
  const working = workingOn(body);
  return [
    working('prepare', 'Does its part of a transaction, keeps it ready, and votes', (id, request) =>
      branches.prepare(id, request),
    ),
    working('commit-one-phase', 'Does its part and commits it: nobody else writes', (id, request) =>
      branches.commitOnePhase(id, request),
    ),
    ending(branches, 'commit', 'Commits what was prepared'),
    ending(branches, 'abort', 'Takes back what was prepared, and what may still come'),
  ];
}

function schemaOf({ type, body }: WorkType) {
  return z.strictObject({ type: z.literal(type), body });
}

function workingOn(body: z.ZodType<BranchBody>) {
  return (command: string, summary: string, work: Branches['prepare']): Route =>
    route(
      {
        method: 'POST',
        path: `/transactions/:id/${command}`,
        summary,
        params: transactionPath,
        body,
        answers: { 200: voteAnswer },
        problems: [],
        secured: true,
      },
      async ({ params, body: request, response }) => response.json(await work(params.id, request)),
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
