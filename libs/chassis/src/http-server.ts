import { strict as assert } from 'node:assert';
import { Failure } from '@indoubt/failure';
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Router,
} from 'express';
import type { Log } from './log.ts';
import { problemOf, RefusedRequest } from './problem-details.ts';
import { checkReady, type Ready } from './readiness.ts';
import { type KnownRoute, type RouteTable, routeTable } from './route-table.ts';
import { serverSpan } from './server-span.ts';

export interface AppOptions {
  /** The service's name, as /healthz tells it. */
  name: string;
  log: Log;
  /** Declares the service's routes, each directly on `app`: literal paths and `:parameters`. */
  routes: (app: Router) => void;
  ready: Ready;
}

const BODY_BYTES_MAX = 64 * 1024;
const SERVER_ERROR = 500;

/**
 * A service's HTTP edge: JSON in and out, every request in a span, every failure as a problem
 * document. Handlers throw; nothing here needs a try.
 */
export function createApp({ name, log, routes, ready }: AppOptions): Express {
  const router = express.Router();
  router.get('/healthz', (_request, response) => {
    response.json({ name, alive: true });
  });
  router.get('/readyz', async (_request, response) => {
    response.json(await checkReady(ready));
  });
  routes(router);
  const table = routeTable(routesOf(router));
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // nobody asks conditionally, and hashing each body costs
  app.use(serverSpan(table), onlyKnownRoutes(table), onlyJson);
  app.use(express.json({ limit: BODY_BYTES_MAX }));
  app.use(router, answerProblem(log));
  return app;
}

function routesOf(router: Router): KnownRoute[] {
  return router.stack.map(({ route }) => {
    assert(route, 'declare each route directly on the app given to routes(): no app.use there');
    const methods = route.stack.map(({ method }) => method.toUpperCase());
    return { pattern: route.path, methods };
  });
}

/** Before the body is read: what nobody will handle is not worth reading. */
function onlyKnownRoutes(table: RouteTable): RequestHandler {
  return ({ method, path }, _response, next) => {
    const methods = table.methodsOf(path);
    if (methods.length === 0) throw new Failure('not-found', `There is nothing at ${path}.`);
    if (methods.includes(method)) return next();
    const allow = methods.join(', ');
    const detail = `${path} does not answer ${method}: use ${allow}.`;
    throw new RefusedRequest('method-not-allowed', detail, { Allow: allow });
  };
}

const onlyJson: RequestHandler = (request, _response, next) => {
  // Without this a body of another type would be left unread and reported as missing.
  if (request.get('content-length') === '0' || request.is('application/json') !== false) {
    return next();
  }
  const type = request.get('content-type') ?? 'no content type';
  throw new RefusedRequest(
    'unsupported-media-type',
    `The body has ${type}: send JSON with Content-Type application/json.`,
  );
};

function answerProblem(log: Log): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const { body, headers } = problemOf(error);
    const doing = `${request.method} ${request.path}`;
    if (body.code === 'internal-error') log.error({ err: error }, `${doing} failed: a bug`);
    else if (body.status >= SERVER_ERROR) log.warn({ err: error }, `${doing} failed`);
    if (response.headersSent) {
      response.destroy(); // half an answer must not look like a whole one
      return;
    }
    response.status(body.status).set(headers).type('application/problem+json').json(body);
  };
}
