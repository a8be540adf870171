import { Failure } from '@indoubt/failure';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ProblemCode } from '../problems/problem-code.ts';
import { fit } from './parse-request.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Parts of a request that are read by name: path parameters, query, headers. */
type Named = z.ZodObject;

/** What a route takes, each answer that it can give, and each way in which it can refuse. */
export interface Declaration<
  Params extends Named | undefined = Named | undefined,
  Query extends Named | undefined = Named | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
> {
  method: Method;
  /** Literals and `:parameters`, as in `/orders/:id`. */
  path: string;
  /** One line for a person who looks for the right route. */
  summary: string;
  /** A value that does not fit names nothing: 404 for GET, 400 for what would change something. */
  params?: Params;
  query?: Query;
  /** Request headers that the route reads. Only described: the handler takes and judges them. */
  headers?: Named;
  /** Without it a body is not read, and does no harm. */
  body?: Body;
  /**
   * The body of each answer, by status; `z.undefined()` for none. A test holds answers against
   * them, production does not.
   */
  answers: Readonly<Record<number, z.ZodType>>;
  /** Response headers of those answers, and what they say. */
  answerHeaders?: Readonly<Record<string, string>>;
  /** Codes of its own; what every route may refuse is added by itself. */
  problems: readonly ProblemCode[];
  /** For bearers of the service's secret only, and never refused for lack of room. */
  secured?: boolean;
  /** Answered however much is going on: what others look at to see whether it lives. */
  unlimited?: boolean;
  /** Media types that it can answer in; JSON unless it says so. */
  produces?: readonly string[];
}

/** A declared route and what serves it. Plain data: made without a server or a database. */
export interface Route extends Declaration {
  serve(request: Request, response: Response): Promise<void>;
}

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A request that fits what its route declares. */
export interface Asked<Params, Query, Body> {
  params: OutputOf<Params>;
  query: OutputOf<Query>;
  body: OutputOf<Body>;
  request: Request;
  response: Response;
}

/**
 * Declares a route: its schemas read the request before `handle` sees it, and the API's document is
 * made of them.
 * @param handle answers through `response`, or throws: a Failure becomes its problem document
 */
export function route<
  Params extends Named | undefined = undefined,
  Query extends Named | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  declared: Declaration<Params, Query, Body>,
  handle: (asked: Asked<Params, Query, Body>) => unknown,
): Route {
  return {
    ...declared,
    async serve(request, response) {
      await handle({
        params: paramsOf<Params>(declared, request),
        query: partOf<Query>('query', declared.query, request.query),
        body: partOf<Body>('body', declared.body, request.body),
        request,
        response,
      });
    },
  };
}

function paramsOf<Params extends Named | undefined>(
  { method, params }: { method: Method; params?: Params },
  request: Request,
): OutputOf<Params> {
  if (method !== 'GET') return partOf<Params>('path', params, request.params);
  const known = params === undefined || params.safeParse(request.params).success;
  if (!known) throw new Failure('not-found', `There is nothing at ${request.path}.`);
  return partOf<Params>('path', params, request.params);
}

function partOf<Schema extends z.ZodType | undefined>(
  part: string,
  schema: Schema | undefined,
  value: unknown,
): OutputOf<Schema>;
function partOf(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  return schema === undefined ? undefined : fit(part, schema, value);
}
