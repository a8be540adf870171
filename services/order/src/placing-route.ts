import { failpoint } from '@indoubt/chaos';
import { orderView, type PlaceOrder, placeOrder } from '@indoubt/contracts';
import { callerOf, type Route, route } from '@indoubt/http';
import {
  idempotencyKey,
  type KeyedAnswer,
  type KeyedRequest,
  keyedRequest,
  requireKey,
  sendKeyed,
} from '@indoubt/idempotency';
import { z } from 'zod';
import { OrderInDoubt } from './place-order-by-2pc.ts';
import { type PreferredCoordination, preferredCoordination } from './preferred-coordination.ts';
import { type WaitingApi, waitForEnd } from './wait-for-end.ts';

export interface PlacingApi extends WaitingApi {
  /** @returns the answer: the order, or the problem for which there is no order */
  place(
    command: PlaceOrder,
    request: KeyedRequest,
    preferred: PreferredCoordination,
  ): Promise<KeyedAnswer>;
}

const PATH = '/orders';

const headers = z.object({
  'idempotency-key': idempotencyKey,
  prefer: z
    .string()
    .describe('`wait=N`, and `coordination=saga` or `coordination=2pc`; see RFC 7240')
    .optional(),
});

/**
 * POST /orders. The key stores the acceptance, so a retry gets the same acceptance. `Prefer: wait`
 * then waits for the end of the order, for the first request and for each retry.
 */
export function placingRoute(api: PlacingApi): Route {
  return route(
    {
      method: 'POST',
      path: PATH,
      summary: 'Places an order: 202 while it is PENDING, 200 once it is final',
      headers,
      body: placeOrder,
      answers: { 200: orderView, 202: orderView },
      answerHeaders: {
        Location: 'The path of the order.',
        'Preference-Applied': 'The protocol: `coordination=saga` or `coordination=2pc`.',
        'Idempotency-Replayed': '`true`: this is the stored answer to an earlier request.',
      },
      problems: [
        'idempotency-key-missing',
        'idempotency-key-in-use',
        'idempotency-key-reused',
        'unknown-customer',
        'unknown-sku',
        'in-doubt',
        'not-reached',
      ],
    },
    async ({ body, request, response }) => {
      const key = requireKey(request.get('idempotency-key'));
      const parts = { caller: callerOf(request), method: 'POST', route: PATH, path: PATH, body };
      const preferred = preferredCoordination(request.get('prefer'));
      const answer = await api.place(body, keyedRequest(key, parts), preferred).catch((error) => {
        if (error instanceof OrderInDoubt) response.location(`${PATH}/${error.orderId}`);
        throw error;
      });
      const order = orderView.safeParse(answer.body).data;
      if (order === undefined) return sendKeyed(response, answer);
      await failpoint('placed-not-answered', order.id);
      const isPending = order.status === 'PENDING';
      const ended = isPending ? await waitForEnd(api, order.id, request, response) : undefined;
      sendKeyed(response, ended === undefined ? answer : { ...answer, status: 200, body: ended });
    },
  );
}
