import { Failure } from '@indoubt/failure';
import type { RequestHandler } from 'express';
import { RefusedRequest } from '../problems/problem-details.ts';
import { Counter, Gauge } from '../process/metrics.ts';

/** How much a service takes on before it says so. */
export interface Limits {
  /** Requests that may come from one address in a second; 0 for as many as it likes. */
  ratePerSecond: number;
  /**
   * Requests under way at once, those that wait for an end included; not those whose body is still
   * to come, which cost a connection and nothing more.
   */
  inFlightMax: number;
  /** Whether so much waits already that one more would only wait longer. */
  shed(): boolean;
}

/** What lets a request in, on both sides of its body. */
export interface Admission {
  beforeBody: RequestHandler[];
  afterBody: RequestHandler[];
}

/**
 * Lets a request in, or refuses it: too often from one address, or too much at once from all. Most
 * are refused before their body is read, and have cost next to nothing; of none has the work
 * begun. A request has its place only once its body is there: else whoever sends none holds it for
 * nothing.
 * @see Nygard, Release It!: "shed load"; draft-ietf-httpapi-ratelimit-headers
 */
export function admission(limits: Limits): Admission {
  const { ratePerSecond } = limits;
  const counts: Counts = { inFlight: 0 };
  const rate = ratePerSecond > 0 ? [limitRate(ratePerSecond)] : [];
  return {
    beforeBody: [...rate, refuseOverload(limits, counts)],
    // Once more: others may have come in while the body was read.
    afterBody: [refuseOverload(limits, counts), takePlace(counts)],
  };
}

interface Counts {
  inFlight: number;
}

const inFlightGauge = new Gauge({
  name: 'http_server_in_flight',
  help: 'Requests in flight, those with the secret of the services not counted',
});
const refusedCounter = new Counter({
  name: 'http_server_refused_total',
  help: 'Requests refused by the rate limit or because of overload, by the code of the problem',
  labelNames: ['code'],
});
for (const code of ['too-many-requests', 'overloaded']) refusedCounter.inc({ code }, 0);

const WINDOW_MS = 1_000;

/**
 * Keeps whom it saw in the last two windows and nobody else: memory is bounded by the traffic. The
 * library is read at the first request, so that a start does not wait for it.
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
        // Nothing that a client writes: nobody checks it, and a new name would be a new limit. Of
        // IPv6 the network counts, since one client has all addresses in it.
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
    if (response.closed) return; // nobody waits any more, and nobody would give the place back
    counts.inFlight += 1;
    inFlightGauge.inc();
    response.once('close', () => {
      counts.inFlight -= 1;
      inFlightGauge.dec();
    });
    next();
  };
}
