import {
  type CardCharge,
  cardCharge,
  cardChargePage,
  type RequestCardCharge,
} from '@indoubt/contracts';
import { withinDeadline } from '@indoubt/http/deadline';
import { createHttpClient, type HttpClient } from '@indoubt/http/http-client';

/**
 * Payment's client for the card processor. Every call may be repeated: a charge has a key, and a
 * repeated capture or void changes nothing.
 * @throws (each) Failure; if indefinite, the call may have had its effect
 */
export interface CardProcessor {
  /** @param shortMs the caller's own deadline in milliseconds, if shorter than the time-out */
  charge(key: string, request: RequestCardCharge, shortMs?: number): Promise<CardCharge>;
  capture(id: string): Promise<CardCharge>;
  release(id: string): Promise<CardCharge>;
  /** All charges, or the charges of an order, oldest first. */
  list(filter?: { reference?: string }): Promise<CardCharge[]>;
  /** All charges with the status HELD, oldest first. */
  held(): Promise<CardCharge[]>;
  close(): Promise<void>;
}

/** @param withinMs time-out of each request in milliseconds */
export function createCardProcessor(url: string, secret: string, withinMs: number): CardProcessor {
  const open = (target: string) =>
    createHttpClient(url, {
      target,
      // Low traffic: the default of twenty requests in ten seconds would rarely be reached.
      resilience: { breaker: { requestsMin: 5 } },
      secret,
    });
  const client = open('card-processor');
  // A separate breaker: holds may be readable while charges hang. Successful polls of holds would
  // close the breaker of the charges.
  const holds = open('card-processor, holds');
  // A separate breaker again, so that requests for a reconciliation never block voids of holds.
  const books = open('card-processor, books');
  const known = { answer: cardCharge, withinMs, repeatable: true };
  const change = (by: HttpClient, id: string, what: 'capture' | 'void') =>
    by.post({ ...known, name: `${what} charge`, path: `/charges/${id}/${what}`, body: {} });
  return {
    charge(key, body, shortMs = withinMs) {
      const name = body.capture ? 'charge card' : 'hold on card';
      const headers = { 'idempotency-key': key };
      // A deadline instead of a shorter time-out: the breaker does not count it as a failure.
      return withinDeadline(shortMs, () =>
        client.post({ ...known, name, path: '/charges', body, headers }),
      );
    },
    capture: (id) => change(client, id, 'capture'),
    release: (id) => change(holds, id, 'void'),
    list: (filter = {}) => listAll(books, filter, withinMs),
    held: () => listAll(holds, { status: 'HELD' }, withinMs),
    close: async () => void (await Promise.all([client.close(), holds.close(), books.close()])),
  };
}

const PAGE = '500';

async function listAll(
  client: HttpClient,
  filter: Record<string, string>,
  withinMs: number,
): Promise<CardCharge[]> {
  const all: CardCharge[] = [];
  const query = new URLSearchParams({ limit: PAGE, ...filter });
  for (;;) {
    const { items, next } = await client.get({
      name: 'list charges',
      path: `/charges?${query.toString()}`,
      answer: cardChargePage,
      withinMs,
    });
    all.push(...items);
    if (next === null) return all;
    query.set('cursor', next);
  }
}
