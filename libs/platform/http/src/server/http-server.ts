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
  /** The service's name, as /healthz tells it. */
  name: string;
  log: Log;
  routes: readonly Route[];
  ready: Ready;
  /** Borne by whoever asks for a secured route; needed if there is one. */
  secret?: string | undefined;
  /** Of what everybody may ask for; without them all are let in. */
  limits?: Limits;
}

const EVERYBODY: Admission = { beforeBody: [], afterBody: [] };
const NO_CONTENT = 204;
const SERVER_ERROR = 500;
const JSON_ONLY = ['application/json'];
const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/**
 * A service's HTTP edge: JSON in and out, every request in a span, every failure as a problem
 * document. Handlers throw; nothing here needs a try. What is refused by its head is refused before
 * its body is read.
 */
export function createApp({ name, log, routes, ready, secret, limits }: AppOptions): Express {
  const all = [...edgeRoutes(name, routes, ready), ...routes];
  const table = routeTable(all.map(({ path, method }) => ({ pattern: path, methods: [method] })));
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // a hash of each body costs; a route that has an ETag sets it itself
  app.use(serverSpan(table), onlyReadable, onlyKnownRoutes(table));
  const admit = limits === undefined ? EVERYBODY : admission(limits);
  for (const each of all) {
    const serve: RequestHandler = (request, response) => each.serve(request, response);
    app[VERBS[each.method]](each.path, ...guardsOf(each, admit, secret), serve);
  }
  app.use(answerProblem(log));
  return app;
}

/** What is checked before a route's handler, in this order. */
function guardsOf(route: Route, admit: Admission, secret: string | undefined): RequestHandler[] {
  const { produces, secured, unlimited, body } = route;
  const isPublic = secured !== true && unlimited !== true;
  return [
    onlyAcceptable(produces ?? JSON_ONLY),
    // Only a bearer's deadline counts: one that strangers choose would make calls to other services
    // fail as they like, and so open breakers that all share.
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

/** Before the body is read: what nobody will handle is not worth reading. */
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
    const detail = `${path} does not answer ${method}: use ${allow}.`;
    throw new RefusedRequest('method-not-allowed', detail, { Allow: allow });
  };
}

/** Also who accepts problems only is served: what it wants to see is all but the usual case. */
function onlyAcceptable(produces: readonly string[]): RequestHandler {
  const types = [...produces, PROBLEM_TYPE];
  return (request, _response, next) => {
    const { accept = '*/*' } = request.headers;
    if (accept === '*/*' || request.accepts(types) !== false) return next();
    const detail = `Accept admits nothing that is made here: ${produces.join(', ')}.`;
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
    // One that is shed is counted in the metrics; a line for each would cost more than the refusal.
    else if (body.status >= SERVER_ERROR && body.code !== 'overloaded') {
      log.warn({ err: error }, `${doing} failed`);
    }
    if (response.headersSent) {
      response.destroy(); // half an answer must not look like a whole one
      return;
    }
    response.status(body.status).set(headers).type(PROBLEM_TYPE).json(body);
  };
}
