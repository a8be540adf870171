import { type Reconciliation, reconciliation } from '@indoubt/contracts';
import { type Route, route } from '@indoubt/http';

/**
 * What payment shows to who bears the secret, where somebody can pay by card: one request reads two
 * whole books, which is too much for a stranger to ask.
 */
export function reconciliationRoute(reconcile: () => Promise<Reconciliation>): Route {
  return route(
    {
      method: 'GET',
      path: '/reconciliation',
      summary: "Payment's book of card charges and the card processor's, compared",
      answers: { 200: reconciliation },
      problems: ['not-reached', 'timed-out', 'breaker-open', 'service-unavailable'],
      secured: true,
    },
    async ({ response }) => {
      response.json(await reconcile());
    },
  );
}
