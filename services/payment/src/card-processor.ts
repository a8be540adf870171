import { createHttpClient } from '@indoubt/chassis/http-client';
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
  /** All charges that fit, oldest first, page by page. */
  list(filter?: { reference?: string; status?: CardCharge['status'] }): Promise<CardCharge[]>;
  close(): Promise<void>;
}

const PAGE = '500';

/** @param answerWithinMs how long an answer is waited for; one that comes later may still be true */
export function createCardProcessor(
  url: string,
  secret: string | undefined,
  answerWithinMs: number,
): CardProcessor {
  const client = createHttpClient(url, {
    target: 'card-processor',
    // One order at a time asks it: twenty requests in ten seconds may never come together.
    resilience: { breaker: { requestsMin: 5 } },
    ...(secret !== undefined && { secret }),
  });
  const change = (id: string, what: 'capture' | 'void') =>
    client.post({
      name: `${what} charge`,
      path: `/charges/${id}/${what}`,
      body: {},
      answer: cardCharge,
      withinMs: answerWithinMs,
      repeatable: true,
    });
  const pageAfter = (cursor: string | null, filter: Record<string, string>) => {
    const after = cursor === null ? {} : { cursor };
    const query = new URLSearchParams({ limit: PAGE, ...filter, ...after });
    const path = `/charges?${query.toString()}`;
    return client.get({
      name: 'list charges',
      path,
      answer: cardChargePage,
      withinMs: answerWithinMs,
    });
  };
  return {
    charge: (key, body, withinMs = answerWithinMs) =>
      client.post({
        name: body.capture ? 'charge card' : 'hold on card',
        path: '/charges',
        body,
        headers: { 'idempotency-key': key },
        answer: cardCharge,
        withinMs: Math.min(withinMs, answerWithinMs),
        repeatable: true,
      }),
    capture: (id) => change(id, 'capture'),
    release: (id) => change(id, 'void'),
    async list(filter = {}) {
      const all: CardCharge[] = [];
      for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
        const page: { items: CardCharge[]; next: string | null } = await pageAfter(cursor, filter);
        all.push(...page.items);
        cursor = page.next;
      }
      return all;
    },
    close: () => client.close(),
  };
}
