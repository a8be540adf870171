import { Failure } from '@indoubt/failure';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ProblemCode } from '../problems/problem-code.ts';
import { fit } from './parse-request.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Parts of a request that are read by name: path parameters, query, headers. */
type Named = z.ZodObject;

/** The inputs of a route, its answers, and the codes of its refusals. */
export interface Declaration<
  Params extends Named | undefined = Named | undefined,
  Query extends Named | undefined = Named | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
> {
  method: Method;
  /** Literals and `:parameters`, such as `/orders/:id`. */
  path: string;
  /** One line for readers of the API's document. */
  summary: string;
  /** A value that does not fit is answered 404 for GET, and 400 for other methods. */
  params?: Params;
  query?: Query;
  /** Request headers that the route reads, for the document only: the handler checks them. */
  headers?: Named;
  /** Without a schema the body is not read. */
  body?: Body;
  /**
   * The body of each answer, by status; `z.undefined()` for no body. Tests check answers against
   * these schemas; the server does not.
   */
  answers: Readonly<Record<number, z.ZodType>>;
  /** Response headers of these answers, with descriptions. */
  answerHeaders?: Readonly<Record<string, string>>;
  /** The route's own codes; those of every route are added to them. */
  problems: readonly ProblemCode[];
  /** Only for requests with the service's secret; no limit applies. */
  secured?: boolean;
  /** No limit applies: health, readiness and metrics must be answered under overload. */
  unlimited?: boolean;
  /** The media types of its answers; JSON unless given. */
  produces?: readonly string[];
}

/** A declared route and its handler. It needs no server and no database. */
export interface Route extends Declaration {
  serve(request: Request, response: Response): Promise<void>;
}

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A request whose parts were parsed by the schemas of its route. */
export interface ParsedRequest<Params, Query, Body> {
  params: OutputOf<Params>;
  query: OutputOf<Query>;
  body: OutputOf<Body>;
  request: Request;
  response: Response;
}

/**
 * Declares a route. Its schemas parse the request before `handle` runs, and describe it in the
 * API's document.
 * @param handle answers through `response`, or throws: a Failure becomes a problem document
 */
export function route<
  Params extends Named | undefined = undefined,
  Query extends Named | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  declared: Declaration<Params, Query, Body>,
  handle: (request: ParsedRequest<Params, Query, Body>) => unknown,
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
