import {
  type CardCharge,
  cardCharge,
  cardChargePage,
  type RequestCardCharge,
} from '@indoubt/contracts';
import { withinDeadline } from '@indoubt/http/deadline';
import { createHttpClient, type HttpClient } from '@indoubt/http/http-client';

/**
 * The card processor, as payment asks it. Everything here may be asked again: a charge has its key,
 * and to capture or void twice is to do it once.
 * @throws (each) Failure, whose certainty says whether it may have happened
 */
export interface CardProcessor {
  /** @param shortMs when the caller has less patience than an answer may take */
  charge(key: string, request: RequestCardCharge, shortMs?: number): Promise<CardCharge>;
  capture(id: string): Promise<CardCharge>;
  release(id: string): Promise<CardCharge>;
  /** All charges, or those of an order, oldest first. */
  list(filter?: { reference?: string }): Promise<CardCharge[]>;
  /** All that is held, oldest first. */
  held(): Promise<CardCharge[]>;
  close(): Promise<void>;
}

/** @param withinMs how long an answer is waited for; one that comes later may still be true */
export function createCardProcessor(url: string, secret: string, withinMs: number): CardProcessor {
  const open = (target: string) =>
    createHttpClient(url, {
      target,
      // One order at a time asks it: twenty requests in ten seconds may never come together.
      resilience: { breaker: { requestsMin: 5 } },
      secret,
    });
  const client = open('card-processor');
  // Apart: its holds may be read while its charges hang. Read again and again they would keep the
  // breaker of the charges closed, and close it again.
  const holds = open('card-processor, holds');
  // And apart from those: however many ask for a reconciliation, holds are still given back.
  const books = open('card-processor, books');
  const known = { answer: cardCharge, withinMs, repeatable: true };
  const change = (by: HttpClient, id: string, what: 'capture' | 'void') =>
    by.post({ ...known, name: `${what} charge`, path: `/charges/${id}/${what}`, body: {} });
  return {
    charge(key, body, shortMs = withinMs) {
      const name = body.capture ? 'charge card' : 'hold on card';
      const headers = { 'idempotency-key': key };
      // A deadline, no shorter bound: the breaker must see that the caller was in a hurry.
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
