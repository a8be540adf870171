import { Failure } from '@indoubt/failure';
import type { RequestHandler } from 'express';
import { RefusedRequest } from '../problems/problem-details.ts';
import { Counter, Gauge } from '../process/metrics.ts';

/** The limits beyond which a service refuses requests. */
export interface Limits {
  /** Requests from one address in a second; 0 for no limit. */
  ratePerSecond: number;
  /**
   * The highest number of requests in flight, including requests that wait for the final status of
   * an order. Requests without their body yet are not counted: they only cost a connection.
   */
  inFlightMax: number;
  /** Whether so much work waits already that one more request would only wait longer. */
  shed(): boolean;
}

/** The handlers that admit a request, before and after its body is read. */
export interface Admission {
  beforeBody: RequestHandler[];
  afterBody: RequestHandler[];
}

/**
 * Refuses requests: too many from one address, or too many in flight from all. Most are refused
 * before their body is read, and cost next to nothing; no work on a refused request has begun. A
 * request takes its place in flight only when its body is there: otherwise a client that sends no
 * body would occupy a place.
 * @see Nygard, Release It!: "shed load"; draft-ietf-httpapi-ratelimit-headers
 */
export function admission(limits: Limits): Admission {
  const { ratePerSecond } = limits;
  const counts: Counts = { inFlight: 0 };
  const rate = ratePerSecond > 0 ? [limitRate(ratePerSecond)] : [];
  return {
    beforeBody: [...rate, refuseOverload(limits, counts)],
    // A second check: other requests may have been admitted while the body was read.
    afterBody: [refuseOverload(limits, counts), takePlace(counts)],
  };
}

interface Counts {
  inFlight: number;
}

const inFlightGauge = new Gauge({
  name: 'http_server_in_flight',
  help: 'Public requests in flight',
});
const refusedCounter = new Counter({
  name: 'http_server_refused_total',
  help: 'Requests refused by the rate limit or because of overload, by the code of the problem',
  labelNames: ['code'],
});
for (const code of ['too-many-requests', 'overloaded']) refusedCounter.inc({ code }, 0);

const WINDOW_MS = 1_000;

/**
 * The limiter stores only the addresses of the last two windows, so the traffic bounds its memory.
 * The library is loaded at the first request, so that the start of the process does not wait for
 * it.
 */
function limitRate(limit: number): RequestHandler {
  let limiting: Promise<RequestHandler> | undefined;
  return async (request, response, next) => {
    limiting ??= import('express-rate-limit').then(({ ipKeyGenerator, rateLimit }) =>
      rateLimit({
        windowMs: WINDOW_MS,
        limit,
        standardHeaders: 'draft-8',
        legacyHeaders: false,
        validate: false,
        // Not by a header: a client could write another value to get another limit. For IPv6 the
        // key is the network, since one client has all addresses in it.
        keyGenerator: ({ socket }) => ipKeyGenerator(socket.remoteAddress ?? ''),
        handler(_request, _response, refuse) {
          refusedCounter.inc({ code: 'too-many-requests' });
          const what = `Your address sent more than ${limit} requests in a second`;
          refuse(new RefusedRequest('too-many-requests', `${what}: send fewer.`));
        },
      }),
    );
    const limiter = await limiting;
    await limiter(request, response, next);
  };
}

function refuseOverload({ inFlightMax, shed }: Limits, counts: Counts): RequestHandler {
  return (_request, _response, next) => {
    if (counts.inFlight < inFlightMax && !shed()) return next();
    refusedCounter.inc({ code: 'overloaded' });
    throw new Failure(
      'overloaded',
      'Too much work waits here already. This request was not handled.',
    );
  };
}

function takePlace(counts: Counts): RequestHandler {
  return (_request, response, next) => {
    if (response.closed) return; // the 'close' event has passed and could not free the place
    counts.inFlight += 1;
    inFlightGauge.inc();
    response.once('close', () => {
      counts.inFlight -= 1;
      inFlightGauge.dec();
    });
    next();
  };
}
