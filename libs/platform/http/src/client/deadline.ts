import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler } from 'express';

/** Request header: how many whole milliseconds the caller will still wait for the answer. */
export const DEADLINE_HEADER = 'request-timeout-ms';

const MS = /^\d{1,9}$/;
/** Kept back for the way home: what is asked further down must be over before we are. */
const MARGIN_MS = 10;

/** When the request being served here is over, by the clock of `performance.now()`. */
const deadlines = new AsyncLocalStorage<number | undefined>();

/**
 * Gives what follows in a request the time its caller will still wait. Hours and minutes do not
 * travel, only what is left: no two clocks need to agree. A header that is not a number of
 * milliseconds is no deadline.
 * @see "gRPC and Deadlines", grpc.io/blog/deadlines, for the same idea
 */
export const withDeadline: RequestHandler = (request, _response, next) => {
  const left = request.get(DEADLINE_HEADER);
  if (left === undefined || !MS.test(left)) return next();
  return withinDeadline(Number(left), next);
};

/** Runs `work` with that many milliseconds left, or fewer if less was left before. */
export function withinDeadline<T>(ms: number, work: () => T): T {
  const ends = performance.now() + ms;
  return deadlines.run(Math.min(ends, deadlines.getStore() ?? ends), work);
}

/**
 * Runs `work` as nobody's: for what must go on when its caller has gone, such as telling a
 * decision, or asking how something ended.
 */
export function withoutDeadline<T>(work: () => T): T {
  return deadlines.run(undefined, work);
}

/**
 * How long a request may take that is sent now.
 * @param ownMs its own bound, milliseconds
 * @returns whole milliseconds; 0 or less: nothing is left, and it must not be sent
 */
export function boundOf(ownMs: number): number {
  const ends = deadlines.getStore();
  if (ends === undefined) return ownMs;
  return Math.min(ownMs, Math.floor(ends - performance.now()) - MARGIN_MS);
}
