import { type Route, route } from '@indoubt/http';
import { z } from 'zod';
import type { Decision } from '../protocol/coordinate.ts';
import { type BranchBody, branchBody, endAnswer, voteAnswer } from '../protocol/messages.ts';
import type { Branches } from './branches.ts';

export const transactionPath = z.object({ id: z.uuid() });

/** A piece of work that a participant does. */
interface Command {
  type: string;
  body: z.ZodType;
}

/**
 * What the coordinator asks of a participant. Each may come twice, late, or in another order.
 * @param commands  the work that is done here, and no other
 */
export function branchRoutes(branches: Branches, commands: readonly Command[]): Route[] {
  const body = branchBody.extend({ work: z.union(commands.map(workOf)) });
  const working = workingOn(body);
  return [
    working('prepare', 'Does its part of a transaction, keeps it ready, and votes', (id, asked) =>
      branches.prepare(id, asked),
    ),
    working('commit-one-phase', 'Does its part and commits it: nobody else writes', (id, asked) =>
      branches.commitOnePhase(id, asked),
    ),
    ending(branches, 'commit', 'Commits what was prepared'),
    ending(branches, 'abort', 'Takes back what was prepared, and what may still come'),
  ];
}

function workOf({ type, body }: Command) {
  return z.strictObject({ type: z.literal(type), body });
}

function workingOn(body: z.ZodType<BranchBody>) {
  return (ask: string, summary: string, work: Branches['prepare']): Route =>
    route(
      {
        method: 'POST',
        path: `/transactions/:id/${ask}`,
        summary,
        params: transactionPath,
        body,
        answers: { 200: voteAnswer },
        problems: [],
        secured: true,
      },
      async ({ params, body: asked, response }) => response.json(await work(params.id, asked)),
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
