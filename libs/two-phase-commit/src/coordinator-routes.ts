import { parseBody, type Router, requireSecret } from '@indoubt/chassis';
import { Failure } from '@indoubt/failure';
import { idOf } from './branch-routes.ts';
import type { Coordinator } from './coordinator.ts';
import { beginBody, voteBody } from './messages.ts';

/**
 * Begin, vote, status, and the list of what is open.
 * @param knows whether a participant of that name has an address
 * @param mayDecide false once another coordinator has taken over: nothing is answered then
 */
export function coordinatorRoutes(
  coordinator: Coordinator,
  secret: string,
  mayDecide: () => boolean,
  knows: (participant: string) => boolean,
): (app: Router) => void {
  const guard = requireSecret(secret);
  const decider = (): Coordinator => {
    if (mayDecide()) return coordinator;
    throw new Failure('stood-down', 'Another coordinator has taken over: ask that one.');
  };
  return (app) => {
    app.post('/transactions', guard, async (request, response) => {
      const transaction = parseBody(beginBody, request);
      const stranger = transaction.participants.find(({ name }) => !knows(name));
      if (stranger !== undefined) {
        throw new Failure('invalid-request', `There is no participant "${stranger.name}".`);
      }
      response.json(await decider().begin(transaction));
    });
    app.post('/transactions/:id/votes', guard, async (request, response) => {
      const { participant } = parseBody(voteBody, request);
      response.json(await decider().vote(idOf(request), participant));
    });
    app.get('/transactions/:id', guard, async (request, response) => {
      response.json(await decider().status(idOf(request)));
    });
    app.get('/transactions', guard, (_request, response) => {
      response.json({ items: decider().open() });
    });
  };
}
