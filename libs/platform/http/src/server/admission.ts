import { Failure } from '@indoubt/failure';
import type { RequestHandler } from 'express';
import { RefusedRequest } from '../problems/problem-details.ts';
import { Counter, Gauge } from '../process/metrics.ts';

/** The limits beyond which a service refuses requests. */
export interface Limits {
  /** Requests from one address in a second; 0 for no limit. */
  ratePerSecond: number;
  /**
   * Requests in flight, those that wait for the final order included; without those whose body is
   * still to come, which cost a connection and nothing more.
   */
  inFlightMax: number;
  /** Whether so many wait already that one more request would only wait longer. */
  shed(): boolean;
}

/** The handlers that admit a request, before and after its body is read. */
export interface Admission {
  beforeBody: RequestHandler[];
  afterBody: RequestHandler[];
}

/**
 * Admits a request, or refuses it: too many from one address, or too many in flight from all. Most
 * refused requests are refused before their body is read, and cost next to nothing; no work on them
 * has begun. A request takes its place only when its body is there: otherwise a client that sends
 * no body would occupy a place.
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
 * Stores the addresses of the last two windows only: memory is bounded by the traffic. The library
 * is loaded at the first request, so that the start of the process does not wait for it.
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
        // No header that a client writes: a new name would be a new limit. For IPv6 the key is the
        // network, since one client has all addresses in it.
        keyGenerator: ({ socket }) => ipKeyGenerator(socket.remoteAddress ?? ''),
        handler(_request, _response, refuse) {
          refusedCounter.inc({ code: 'too-many-requests' });
          const what = `More than ${limit} requests a second came from your address`;
          refuse(new RefusedRequest('too-many-requests', `${what}: ask less often.`));
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
    throw new Failure('overloaded', 'Too much waits here already: nothing has been done.');
  };
}

function takePlace(counts: Counts): RequestHandler {
  return (_request, response, next) => {
    if (response.closed) return; // no 'close' will come any more to give the place back
    counts.inFlight += 1;
    inFlightGauge.inc();
    response.once('close', () => {
      counts.inFlight -= 1;
      inFlightGauge.dec();
    });
    next();
  };
}
