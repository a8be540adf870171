import { Failure } from '@indoubt/failure';
import type { RequestHandler } from 'express';
import { RefusedRequest } from '../problems/problem-details.ts';
import { addMetrics, type Metric } from '../process/metrics.ts';

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
  const counts: Counts = { inFlight: 0, tooOften: 0, overloaded: 0 };
  addMetrics(() => metricsOf(counts));
  const rate = ratePerSecond > 0 ? [limitRate(ratePerSecond, counts)] : [];
  return {
    beforeBody: [...rate, refuseOverload(limits, counts)],
    // Once more: others may have come in while the body was read.
    afterBody: [refuseOverload(limits, counts), takePlace(counts)],
  };
}

interface Counts {
  inFlight: number;
  tooOften: number;
  overloaded: number;
}

const WINDOW_MS = 1_000;

/**
 * Keeps whom it saw in the last two windows and nobody else: memory is bounded by the traffic. The
 * library is read at the first request, so that a start does not wait for it.
 */
function limitRate(limit: number, counts: Counts): RequestHandler {
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
          counts.tooOften += 1;
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
    counts.overloaded += 1;
    throw new Failure('overloaded', 'Too much waits here already: nothing has been done.');
  };
}

function takePlace(counts: Counts): RequestHandler {
  return (_request, response, next) => {
    if (response.closed) return; // nobody waits any more, and nobody would give the place back
    counts.inFlight += 1;
    response.once('close', () => {
      counts.inFlight -= 1;
    });
    next();
  };
}

function metricsOf({ inFlight, tooOften, overloaded }: Counts): Metric[] {
  return [
    {
      name: 'http_server_in_flight',
      help: 'Requests of the public under way',
      kind: 'gauge',
      samples: [{ labels: {}, value: inFlight }],
    },
    {
      name: 'http_server_refused_total',
      help: 'Requests refused for want of room, by the code of the problem',
      kind: 'counter',
      samples: [
        { labels: { code: 'too-many-requests' }, value: tooOften },
        { labels: { code: 'overloaded' }, value: overloaded },
      ],
    },
  ];
}
