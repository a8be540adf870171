import { parseBody, parseQuery, type Request, type Response, type Router } from '@indoubt/chassis';
import {
  customerId,
  type OrderView,
  orderId,
  orderStatus,
  type PlaceOrder,
  placeOrder,
} from '@indoubt/contracts';
import { failpoint } from '@indoubt/failpoint';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import { type Order, viewOf } from './order.ts';
import type { OrderFilter } from './order-store.ts';
import type { OrderWaiters } from './order-waiters.ts';
import { OrderInDoubt } from './place-together.ts';
import { type PreferredCoordination, preferredCoordination } from './preferred-coordination.ts';
import { preferredWaitMs } from './preferred-wait.ts';

export interface OrderApi {
  /** @returns the order: pending, or ended already */
  place(command: PlaceOrder, how: PreferredCoordination): Promise<Order>;
  /** Whether an order that cannot be read is being decided about. */
  isInDoubt(id: string): Promise<boolean>;
  read(id: string): Promise<OrderView | undefined>;
  list(filter: OrderFilter): Promise<OrderView[]>;
  waiters: OrderWaiters;
}

const PAGE_MAX = 100;

const listQuery = z.strictObject({
  customer: customerId.optional(),
  status: orderStatus.optional(),
  cursor: orderId.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(20),
});

export function orderRoutes(api: OrderApi): (app: Router) => void {
  return (app) => {
    app.post('/orders', async (request, response) => {
      const how = preferredCoordination(request.get('prefer'));
      const order = await api.place(parseBody(placeOrder, request), how).catch((error) => {
        if (error instanceof OrderInDoubt) response.location(`/orders/${error.orderId}`);
        throw error;
      });
      await failpoint('placed-not-answered', order.id);
      response.location(`/orders/${order.id}`);
      response.set('Preference-Applied', `coordination=${order.coordination}`);
      const isPending = order.status === 'PENDING';
      const ended = isPending ? await waitForEnd(api, order.id, request, response) : viewOf(order);
      if (ended === undefined) response.status(202).json(viewOf(order));
      else response.status(200).json(ended);
    });
    app.get('/orders/:id', async (request, response) => {
      const { id } = request.params;
      const known = orderId.safeParse(id).success;
      const ended = known ? await waitForEnd(api, id, request, response) : undefined;
      const order = ended ?? (known ? await readForSure(api, id) : undefined);
      if (order === undefined) throw new Failure('not-found', `there is no order "${id}"`);
      response.json(order);
    });
    app.get('/orders', async (request, response) => {
      const {
        customer = null,
        status = null,
        cursor = null,
        limit,
      } = parseQuery(listQuery, request);
      const items = await api.list({ customer, status, before: cursor, limit });
      const next = items.length === limit ? (items.at(-1)?.id ?? null) : null;
      response.json({ items, next });
    });
  };
}

/**
 * The order, or for sure nothing. Looked at again after the doubt: it may have ended in between.
 * @throws OrderInDoubt while it is under way, and nobody can say
 */
async function readForSure(api: OrderApi, id: string): Promise<OrderView | undefined> {
  const order = await api.read(id);
  if (order !== undefined) return order;
  if (await api.isInDoubt(id)) throw new OrderInDoubt(id);
  return api.read(id);
}

/**
 * The order once it is final; undefined when that did not come in time, or nobody asked to wait.
 */
async function waitForEnd(
  api: OrderApi,
  id: string,
  request: Request,
  response: Response,
): Promise<OrderView | undefined> {
  const waitMs = preferredWaitMs(request.get('prefer'));
  if (waitMs === 0) return undefined;
  const left = new AbortController();
  response.once('close', () => left.abort());
  const look = async () => {
    const order = await api.read(id);
    return order?.status === 'PENDING' ? undefined : order;
  };
  return api.waiters.until(id, waitMs, look, left.signal);
}
