import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler } from 'express';

/** Request header: whole milliseconds that the caller will still wait for the answer. */
export const DEADLINE_HEADER = 'request-timeout-ms';

const MS = /^\d{1,9}$/;
/** Reserved for the own answer: a request further down must end earlier than this request. */
const MARGIN_MS = 10;

/** When the request that is being served must end, by the clock of `performance.now()`. */
const deadlines = new AsyncLocalStorage<number | undefined>();

/**
 * Gives the handlers of a request the deadline of its caller. The header has the time that is left,
 * not a time of day, so the clocks of the two processes need not agree. A header that is not a
 * number of milliseconds is ignored.
 * @see "gRPC and Deadlines", grpc.io/blog/deadlines, for the same idea
 */
export const withDeadline: RequestHandler = (request, _response, next) => {
  const left = request.get(DEADLINE_HEADER);
  if (left === undefined || !MS.test(left)) return next();
  return withinDeadline(Number(left), next);
};

/** Runs `work` with a deadline in `ms` milliseconds, or at the present deadline if earlier. */
export function withinDeadline<T>(ms: number, work: () => T): T {
  const ends = performance.now() + ms;
  return deadlines.run(Math.min(ends, deadlines.getStore() ?? ends), work);
}

/**
 * Runs `work` without the deadline of the caller: for work that must go on when the caller has
 * gone, such as sending a decision or requesting an outcome.
 */
export function withoutDeadline<T>(work: () => T): T {
  return deadlines.run(undefined, work);
}

/**
 * How long a request that is sent now may take.
 * @param ownMs the request's own bound, milliseconds
 * @returns whole milliseconds; 0 or less: no time is left, and the request must not be sent
 */
export function boundOf(ownMs: number): number {
  const ends = deadlines.getStore();
  if (ends === undefined) return ownMs;
  return Math.min(ownMs, Math.floor(ends - performance.now()) - MARGIN_MS);
}
