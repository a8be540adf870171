import type { OrderView } from '@indoubt/contracts';
import type { Request, Response } from '@indoubt/http';
import type { OrderWaiters } from './order-waiters.ts';
import { preferredWaitMs } from './preferred-wait.ts';

export interface WaitingApi {
  read(id: string): Promise<OrderView | undefined>;
  waiters: OrderWaiters;
}

/** Waits for the final order. @returns undefined without a preferred wait, or after its time-out */
export async function waitForEnd(
  { read, waiters }: WaitingApi,
  id: string,
  request: Request,
  response: Response,
): Promise<OrderView | undefined> {
  const waitMs = preferredWaitMs(request.get('prefer'));
  if (waitMs === 0) return undefined;
  const left = new AbortController();
  response.once('close', () => left.abort());
  const poll = async () => {
    const order = await read(id);
    return order?.status === 'PENDING' ? undefined : order;
  };
  return waiters.until(id, waitMs, poll, left.signal);
}
