import { failpoint } from '@indoubt/chaos';
import { cardCharge, cardChargePage, orderId, requestCardCharge } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { type Route, route } from '@indoubt/http';
import { z } from 'zod';
import type { Books } from './books.ts';
import type { BookedCharge } from './charge.ts';

const LIMIT_MAX = 500;
const LIMIT = 50;
const KEY = /^[\x21-\x7e]{1,255}$/;

const params = z.object({ id: z.uuid() });
const pageQuery = z.strictObject({
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
  reference: orderId.optional(),
  status: cardCharge.shape.status.optional(),
});

/**
 * The API for a shop. Work that has begun is completed even if the client disconnects, so a charge
 * needs a key.
 */
export function chargeRoutes(books: Books): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/charges',
        summary: 'Charge a card, or hold an amount on it; one charge for each Idempotency-Key',
        headers: z.object({ 'idempotency-key': z.string().regex(KEY) }),
        body: requestCardCharge,
        answers: { 201: cardCharge },
        answerHeaders: { Location: 'The charge.' },
        problems: ['idempotency-key-missing', 'idempotency-key-reused', 'fault-injected'],
        secured: true,
      },
      async ({ body, request, response }) => {
        const key = keyOf(request.get('idempotency-key'));
        await failpoint('received-not-charged', body.reference);
        const charge = await books.charge(key, body);
        await failpoint('charged-not-answered', body.reference);
        response.status(201).location(`/charges/${charge.id}`).json(viewOf(charge));
      },
    ),
    changeRoute(books, 'capture', 'Capture a held amount'),
    changeRoute(books, 'void', 'Void a held amount'),
    ...readingRoutes(books),
  ];
}

function changeRoute(books: Books, what: 'capture' | 'void', summary: string): Route {
  return route(
    {
      method: 'POST',
      path: `/charges/:id/${what}`,
      summary,
      params,
      answers: { 200: cardCharge },
      problems: ['not-found', 'already-undone', 'precondition-failed', 'fault-injected'],
      secured: true,
    },
    async ({ params: { id }, response }) => {
      const { reference } = books.find(id);
      await failpoint('received-not-charged', reference);
      const charge = what === 'capture' ? await books.capture(id) : await books.release(id);
      await failpoint('charged-not-answered', reference);
      response.json(viewOf(charge));
    },
  );
}

function readingRoutes(books: Books): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/charges',
        summary: 'Charges, oldest first, page by page',
        query: pageQuery,
        answers: { 200: cardChargePage },
        problems: [],
        secured: true,
      },
      ({ query, response }) => {
        const { items, next } = books.page(query);
        response.json({ items: items.map(viewOf), next });
      },
    ),
    route(
      {
        method: 'GET',
        path: '/charges/:id',
        summary: 'One charge',
        params,
        answers: { 200: cardCharge },
        problems: ['not-found'],
        secured: true,
      },
      ({ params: { id }, response }) => {
        response.json(viewOf(books.find(id)));
      },
    ),
  ];
}

/** @throws Failure 'idempotency-key-missing', 'invalid-request' (definite: nothing is charged) */
function keyOf(header: string | undefined): string {
  if (header === undefined) {
    const detail = 'Send an Idempotency-Key, and send the same key with each retry.';
    throw new Failure('idempotency-key-missing', detail);
  }
  if (KEY.test(header)) return header;
  throw new Failure('invalid-request', 'An Idempotency-Key is 1 to 255 visible ASCII characters.');
}

function viewOf({ capture: _requested, ...charge }: BookedCharge) {
  return charge;
}
