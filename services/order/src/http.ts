import {
  customerId,
  type OrderView,
  orderId,
  orderPage,
  orderStatus,
  orderView,
} from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { type Route, route } from '@indoubt/http';
import { z } from 'zod';
import type { OrderFilter } from './order-store.ts';
import { OrderInDoubt } from './place-order-by-2pc.ts';
import { type PlacingApi, placingRoute } from './placing-route.ts';
import { waitForEnd } from './wait-for-end.ts';

export interface OrderApi extends PlacingApi {
  /** Whether an order without a row is in progress by two-phase commit. */
  isInDoubt(id: string): Promise<boolean>;
  list(filter: OrderFilter): Promise<OrderView[]>;
}

const PAGE_MAX = 100;

const listQuery = z.strictObject({
  customer: customerId.optional(),
  status: orderStatus.optional(),
  cursor: orderId.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(20),
});

const orderPath = z.object({ id: orderId });
const prefers = z.object({
  prefer: z
    .string()
    .describe('`wait=N`: answer when the order is final, or after N seconds (RFC 7240)')
    .optional(),
});

/** The public routes of the order service. */
export function orderRoutes(api: OrderApi): Route[] {
  return [placingRoute(api), reading(api), listing(api)];
}

function reading(api: OrderApi): Route {
  return route(
    {
      method: 'GET',
      path: '/orders/:id',
      summary: 'One order, as it is now or once it is final',
      params: orderPath,
      headers: prefers,
      answers: { 200: orderView },
      problems: ['not-found', 'in-doubt'],
    },
    async ({ params: { id }, request, response }) => {
      const ended = await waitForEnd(api, id, request, response);
      const order = ended ?? (await readOrInDoubt(api, id));
      if (order === undefined) throw new Failure('not-found', `there is no order "${id}"`);
      response.json(order);
    },
  );
}

function listing(api: OrderApi): Route {
  return route(
    {
      method: 'GET',
      path: '/orders',
      summary: 'Orders, newest first, a page at a time',
      query: listQuery,
      answers: { 200: orderPage },
      problems: [],
    },
    async ({ query, response }) => {
      const { customer = null, status = null, cursor = null, limit } = query;
      const items = await api.list({ customer, status, before: cursor, limit });
      const next = items.length === limit ? (items.at(-1)?.id ?? null) : null;
      response.json({ items, next });
    },
  );
}

/**
 * Reads an order; undefined if it definitely does not exist. The second read is needed because the
 * order may have ended after the first.
 * @throws OrderInDoubt while the order is in progress by two-phase commit
 */
async function readOrInDoubt(api: OrderApi, id: string): Promise<OrderView | undefined> {
  const order = await api.read(id);
  if (order !== undefined) return order;
  if (await api.isInDoubt(id)) throw new OrderInDoubt(id);
  return api.read(id);
}
