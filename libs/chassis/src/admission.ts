import { Failure } from '@indoubt/failure';
import type { RequestHandler } from 'express';
import { callerOf } from './caller-of.ts';
import { addMetrics, type Metric } from './metrics.ts';
import { RefusedRequest } from './problem-details.ts';

/** How much a service takes on before it says so. */
export interface Limits {
  /** Requests that one caller may send in a second; 0 for as many as it likes. */
  ratePerSecond: number;
  /** Requests under way at once, those that wait for an end included. */
  inFlightMax: number;
  /** Whether so much waits already that one more would only wait longer. */
  shed(): boolean;
}

/**
 * Lets a request in, or refuses it before its body is read: too often from one caller, or too much
 * at once from all. Who is refused has cost next to nothing, and nothing of its work has begun.
 * @see Nygard, Release It!: "shed load"; draft-ietf-httpapi-ratelimit-headers
 */
export function admission(limits: Limits): RequestHandler[] {
  const { ratePerSecond } = limits;
  const counts: Counts = { inFlight: 0, tooOften: 0, overloaded: 0 };
  addMetrics(() => metricsOf(counts));
  const rate = ratePerSecond > 0 ? [limitRate(ratePerSecond, counts)] : [];
  return [...rate, limitLoad(limits, counts)];
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
    limiting ??= import('express-rate-limit').then(({ rateLimit }) =>
      rateLimit({
        windowMs: WINDOW_MS,
        limit,
        standardHeaders: 'draft-8',
        legacyHeaders: false,
        validate: false,
        // Nobody has to log in: those who do not are told apart by where they come from.
        keyGenerator: (asked) => `${callerOf(asked)} ${asked.socket.remoteAddress ?? ''}`,
        handler(_request, _response, refuse) {
          counts.tooOften += 1;
          const detail = `More than ${limit} requests a second came from you: ask less often.`;
          refuse(new RefusedRequest('too-many-requests', detail));
        },
      }),
    );
    const limiter = await limiting;
    await limiter(request, response, next);
  };
}

function limitLoad({ inFlightMax, shed }: Limits, counts: Counts): RequestHandler {
  return (_request, response, next) => {
    if (counts.inFlight >= inFlightMax || shed()) {
      counts.overloaded += 1;
      throw new Failure('overloaded', 'Too much waits here already: nothing has been done.');
    }
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
