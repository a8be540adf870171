import { type Reconciliation, reconciliation } from '@indoubt/contracts';
import { type Route, route } from '@indoubt/http';

/**
 * The route that compares both books of card charges. It needs the secret, since one request reads
 * two whole books.
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
