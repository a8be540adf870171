import { z } from 'zod';
import { describeApi } from '../openapi/describe-api.ts';
import { docsRoutes } from '../openapi/docs-page.ts';
import { PROBLEM_CODES, problemOfCode } from '../problems/problem-of-code.ts';
import { problemHtml, problemText } from '../problems/problem-page.ts';
import { metricsRoute } from '../process/metrics.ts';
import { checkReady, type Ready } from './readiness.ts';
import { type Route, route } from './route.ts';

const alive = z.object({ name: z.string(), alive: z.literal(true) });
const parts = z.record(z.string(), z.boolean());
const code = z.enum(PROBLEM_CODES);
const TEXTS = ['text/plain', 'text/html'];

/**
 * The routes that every process has: health, readiness, metrics, the API's document, and the pages
 * that explain error codes.
 * @param routes the process's own routes, for the document
 */
export function edgeRoutes(name: string, routes: readonly Route[], ready: Ready): Route[] {
  const document = documentRoute(() => openApiOf(name, routes));
  const health = healthRoutes(name, ready);
  return [...health, metricsRoute, document, ...docsRoutes(name), problemRoute];
}

/**
 * The document of a service with these routes and the routes of every service. Pure: it opens no
 * connection.
 */
export function openApiOf(name: string, routes: readonly Route[]) {
  const never = () => Promise.reject(new Error('only declared'));
  return describeApi(name, [...routes, ...edgeRoutes(name, routes, never)]);
}

function healthRoutes(name: string, ready: Ready): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/healthz',
        summary: 'Whether the process lives',
        answers: { 200: alive },
        problems: [],
        unlimited: true,
      },
      ({ response }) => response.json({ name, alive: true }),
    ),
    route(
      {
        method: 'GET',
        path: '/readyz',
        summary: 'Whether the process can do its work: each part that it needs answers',
        answers: { 200: parts },
        problems: ['service-unavailable'],
        unlimited: true,
      },
      async ({ response }) => response.json(await checkReady(ready)),
    ),
  ];
}

const problemRoute = route(
  {
    method: 'GET',
    path: '/problems/:code',
    summary: 'Explains an error code and says what to do next',
    params: z.object({ code }),
    answers: { 200: z.string() },
    produces: TEXTS,
    problems: ['not-found'],
  },
  ({ params, request, response }) => {
    const problem = problemOfCode(params.code);
    const isHtml = request.accepts(TEXTS) === 'text/html';
    response.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    response.set('Vary', 'Accept').type(isHtml ? 'text/html' : 'text/plain');
    response.send(isHtml ? problemHtml(problem) : problemText(problem));
  },
);

/** The document is made at the first request and cached, since declared routes do not change. */
function documentRoute(make: () => object): Route {
  let document: object | undefined;
  return route(
    {
      method: 'GET',
      path: '/openapi.json',
      summary: 'This document',
      answers: { 200: z.looseObject({ openapi: z.string() }) },
      problems: [],
    },
    ({ response }) => response.json((document ??= make())),
  );
}
