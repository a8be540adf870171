import { createHttpClient, type HttpClient } from '@indoubt/chassis/http-client';
import {
  type CardCharge,
  cardCharge,
  cardChargePage,
  type RequestCardCharge,
} from '@indoubt/contracts';

/**
 * The card processor, as payment asks it. Everything here may be asked again: a charge has its key,
 * and to capture or void twice is to do it once.
 * @throws (each) Failure, whose certainty says whether it may have happened
 */
export interface CardProcessor {
  charge(key: string, request: RequestCardCharge, withinMs?: number): Promise<CardCharge>;
  capture(id: string): Promise<CardCharge>;
  release(id: string): Promise<CardCharge>;
  /** All charges that fit, oldest first. */
  list(filter?: Filter): Promise<CardCharge[]>;
  close(): Promise<void>;
}

interface Filter {
  reference?: string;
  status?: CardCharge['status'];
}

/** @param withinMs how long an answer is waited for; one that comes later may still be true */
export function createCardProcessor(
  url: string,
  secret: string | undefined,
  withinMs: number,
): CardProcessor {
  const open = (target: string) =>
    createHttpClient(url, {
      target,
      // One order at a time asks it: twenty requests in ten seconds may never come together.
      resilience: { breaker: { requestsMin: 5 } },
      ...(secret !== undefined && { secret }),
    });
  const client = open('card-processor');
  // Apart: its books may be read while its charges hang. Read every second they would keep the
  // breaker of the charges closed, and close it again.
  const books = open('card-processor, books');
  const known = { answer: cardCharge, withinMs, repeatable: true };
  const change = (by: HttpClient, id: string, what: 'capture' | 'void') =>
    by.post({ ...known, name: `${what} charge`, path: `/charges/${id}/${what}`, body: {} });
  return {
    charge: (key, body, shortMs = withinMs) =>
      client.post({
        ...known,
        name: body.capture ? 'charge card' : 'hold on card',
        path: '/charges',
        body,
        headers: { 'idempotency-key': key },
        withinMs: Math.min(shortMs, withinMs),
      }),
    capture: (id) => change(client, id, 'capture'),
    release: (id) => change(books, id, 'void'),
    list: (filter = {}) => listAll(books, filter, withinMs),
    close: async () => void (await Promise.all([client.close(), books.close()])),
  };
}

const PAGE = '500';

async function listAll(
  client: HttpClient,
  filter: Filter,
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
