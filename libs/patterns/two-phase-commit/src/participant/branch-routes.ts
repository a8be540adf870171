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

/** A type of work that a participant can do. */
interface WorkType {
  type: string;
  body: z.ZodType;
}

/**
 * The routes for the messages of the coordinator. A message may come twice, late, or out of order.
 * @param works  the types of work that this participant accepts
 */
export function branchRoutes(branches: Branches, works: readonly WorkType[]): Route[] {
  const body = branchBody.extend({ work: z.union(works.map(schemaOf)) });
  const working = workingOn(body);
  return [
    working('prepare', 'Executes and prepares the branch, and votes', (id, request) =>
      branches.prepare(id, request),
    ),
    working('commit-one-phase', 'Executes and commits the only branch that writes', (id, request) =>
      branches.commitOnePhase(id, request),
    ),
    ending(branches, 'commit', 'Commits the prepared branch'),
    ending(branches, 'abort', 'Rolls back the branch, and refuses a prepare that comes later'),
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
