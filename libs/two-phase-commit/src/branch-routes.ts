import { parseBody, type Router, requireSecret } from '@indoubt/chassis';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import type { Branches } from './branches.ts';
import { branchBody } from './messages.ts';

/** What the coordinator asks of a participant. Each may come twice, late, or in another order. */
export function branchRoutes(branches: Branches, secret: string): (app: Router) => void {
  const guard = requireSecret(secret);
  return (app) => {
    app.post('/transactions/:id/prepare', guard, async (request, response) => {
      response.json(await branches.prepare(idOf(request), parseBody(branchBody, request)));
    });
    app.post('/transactions/:id/commit-one-phase', guard, async (request, response) => {
      response.json(await branches.commitOnePhase(idOf(request), parseBody(branchBody, request)));
    });
    app.post('/transactions/:id/commit', guard, async (request, response) => {
      response.json(await branches.end(idOf(request), 'commit'));
    });
    app.post('/transactions/:id/abort', guard, async (request, response) => {
      response.json(await branches.end(idOf(request), 'abort'));
    });
  };
}

/** @throws Failure 'invalid-request' (definite) */
export function idOf(request: { params: Record<string, unknown> }): string {
  const { success, data } = z.uuid().safeParse(request.params['id']);
  if (success) return data;
  throw new Failure('invalid-request', 'A transaction id is a UUID.');
}
