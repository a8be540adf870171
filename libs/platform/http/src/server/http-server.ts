import { strict as assert } from 'node:assert';
import { Failure } from '@indoubt/failure';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { withDeadline } from '../client/deadline.ts';
import { PROBLEM_TYPE, problemOf, RefusedRequest } from '../problems/problem-details.ts';
import type { Log } from '../process/log.ts';
import { type Admission, admission, type Limits } from './admission.ts';
import { checkHead } from './check-head.ts';
import { edgeRoutes } from './edge-routes.ts';
import { readBody } from './read-body.ts';
import type { Ready } from './readiness.ts';
import { requireSecret } from './require-secret.ts';
import type { Route } from './route.ts';
import { type RouteTable, routeTable } from './route-table.ts';
import { serverSpan } from './server-span.ts';

export interface AppOptions {
  /** The name of the service, which /healthz shows. */
  name: string;
  log: Log;
  routes: readonly Route[];
  ready: Ready;
  /** The bearer token for secured routes; required if there is a secured route. */
  secret?: string | undefined;
  /** Limits for public routes; without them all requests are admitted. */
  limits?: Limits;
}

const ADMIT_ALL: Admission = { beforeBody: [], afterBody: [] };
const NO_CONTENT = 204;
const SERVER_ERROR = 500;
const JSON_ONLY = ['application/json'];
const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/**
 * The HTTP edge of a service: JSON in requests and responses, a span for every request, a problem
 * document for every error that a handler throws. A request that its headers condemn is refused
 * before its body is read.
 */
export function createApp({ name, log, routes, ready, secret, limits }: AppOptions): Express {
  const all = [...edgeRoutes(name, routes, ready), ...routes];
  const table = routeTable(all.map(({ path, method }) => ({ pattern: path, methods: [method] })));
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // a hash of each body takes time; a route with an ETag sets it itself
  app.use(serverSpan(table), onlyReadable, onlyKnownRoutes(table));
  const admit = limits === undefined ? ADMIT_ALL : admission(limits);
  for (const each of all) {
    const serve: RequestHandler = (request, response) => each.serve(request, response);
    app[VERBS[each.method]](each.path, ...guardsOf(each, admit, secret), serve);
  }
  app.use(answerProblem(log));
  return app;
}

/** The checks before the handler of a route, in this order. */
function guardsOf(route: Route, admit: Admission, secret: string | undefined): RequestHandler[] {
  const { produces, secured, unlimited, body } = route;
  const isPublic = secured !== true && unlimited !== true;
  return [
    onlyAcceptable(produces ?? JSON_ONLY),
    // The deadline header counts on secured routes only. A stranger could choose a short deadline,
    // make calls to other services fail, and so open breakers that all requests share.
    ...(secured === true ? [onlyBearers(route, secret), withDeadline] : []),
    ...(isPublic ? admit.beforeBody : []),
    ...(body === undefined ? [] : readBody),
    ...(isPublic ? admit.afterBody : []),
  ];
}

const onlyReadable: RequestHandler = (request, response, next) => {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  checkHead(request);
  next();
};

/** Refuses an unknown path or method before the body is read. */
function onlyKnownRoutes(table: RouteTable): RequestHandler {
  return ({ method, path }, response, next) => {
    const methods = table.methodsOf(path);
    if (methods.length === 0) throw new Failure('not-found', `There is nothing at ${path}.`);
    if (methods.includes(method)) return next();
    const allow = [...methods, 'OPTIONS'].join(', ');
    if (method === 'OPTIONS') {
      response.status(NO_CONTENT).set('Allow', allow).end();
      return;
    }
    const detail = `${path} does not answer ${method}. Use ${allow}.`;
    throw new RefusedRequest('method-not-allowed', detail, { Allow: allow });
  };
}

/** A client that accepts only problem documents is admitted, too. */
function onlyAcceptable(produces: readonly string[]): RequestHandler {
  const types = [...produces, PROBLEM_TYPE];
  return (request, _response, next) => {
    const { accept = '*/*' } = request.headers;
    if (accept === '*/*' || request.accepts(types) !== false) return next();
    const detail = `Accept admits none of the media types of this address: ${produces.join(', ')}.`;
    throw new RefusedRequest('not-acceptable', detail);
  };
}

function onlyBearers({ method, path }: Route, secret: string | undefined): RequestHandler {
  assert(secret !== undefined, `${method} ${path} is secured: give createApp the secret`);
  const check = requireSecret(secret);
  return (request, _response, next) => {
    check(request.headers.authorization);
    next();
  };
}

function answerProblem(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const { body, headers } = problemOf(error);
    const doing = `${request.method} ${request.path}`;
    if (body.code === 'internal-error') log.error({ err: error }, `${doing} failed: a bug`);
    // A metric counts overloaded requests; a log line for each would cost more than the refusal.
    else if (body.status >= SERVER_ERROR && body.code !== 'overloaded') {
      log.warn({ err: error }, `${doing} failed`);
    }
    if (response.headersSent) {
      response.destroy(); // the client must not take half an answer for a whole answer
      return;
    }
    response.status(body.status).set(headers).type(PROBLEM_TYPE).json(body);
  };
}
