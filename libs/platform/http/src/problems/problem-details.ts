import { type Certainty, Failure } from '@indoubt/failure';
import type { ProblemCode } from './problem-code.ts';
import { problemOfCode } from './problem-of-code.ts';

/** A problem document (RFC 9457) with the failure code and its certainty. */
export interface ProblemDetails {
  /** `/problems/` and the code: a page of every service, which explains the code. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  certainty: Certainty;
  errors?: RequestError[];
}

export interface RequestError {
  /** The place in the body or query, such as `lines.0.quantity`; empty for the whole. */
  path: string;
  message: string;
}

export interface ProblemAnswer {
  body: ProblemDetails;
  headers: Record<string, string>;
}

export const PROBLEM_TYPE = 'application/problem+json';
const SERVER_ERROR = 500;
const RETRY_AFTER = 'Retry-After';
// Most restarts take less than this.
const RETRY_AFTER_MS = 1_000;

/** A request that does not fit its schema, with each place that does not fit. */
export class InvalidRequest extends Failure {
  readonly errors: RequestError[];

  constructor(detail: string, errors: RequestError[] = []) {
    super('invalid-request', detail);
    this.errors = errors;
  }
}

/**
 * A request that HTTP itself refuses, before the code of a service runs. Clients see its message,
 * so the message must contain no host, port or other internal detail.
 */
export class RefusedRequest extends Error {
  readonly code: ProblemCode;
  readonly headers: Record<string, string>;

  constructor(code: ProblemCode, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.code = code;
    this.headers = headers;
  }
}

/**
 * Any thrown value as a problem document. Of an unexpected error the document shows no detail. Of a
 * Failure with a status of 500 or more it shows only the meaning of the code.
 */
export function problemOf(error: unknown): ProblemAnswer {
  if (error instanceof Failure) {
    const errors = error instanceof InvalidRequest ? error.errors : [];
    return answer(error.code, detailOf(error), { errors, retryAfterMs: error.retryAfterMs });
  }
  if (error instanceof RefusedRequest) {
    return answer(error.code, error.message, { headers: error.headers });
  }
  const refused = bodyProblem(error);
  if (refused !== undefined) return answer(...refused);
  const { means, next } = problemOfCode('internal-error');
  const detail = `${means} ${next}`;
  return answer('internal-error', detail);
}

/**
 * The message of a Failure with a status of 500 or more is only for the log: it may name internal
 * hosts and ports. The message of 'in-doubt' names only the order, which the client must know.
 */
function detailOf({ code, message }: Failure): string {
  const { status, means, next } = problemOfCode(code);
  return status < SERVER_ERROR || code === 'in-doubt' ? message : `${means} ${next}`;
}

/**
 * The code and detail of an error of Express or its body parser, which have `type` and `status`.
 */
function bodyProblem(error: unknown): [ProblemCode, string] | undefined {
  const { type, status, limit } = (error ?? {}) as Record<string, unknown>;
  if (type === 'entity.too.large') {
    return ['body-too-large', `The body has more than ${String(limit)} bytes: send less.`];
  }
  if (type === 'encoding.unsupported') {
    return ['unsupported-media-type', 'The body is compressed: send it plain.'];
  }
  const refused = typeof status === 'number' && status >= 400 && status < 500;
  return refused
    ? ['invalid-request', 'The request cannot be read: check path and body.']
    : undefined;
}

interface More {
  headers?: Record<string, string>;
  errors?: RequestError[];
  retryAfterMs?: number | undefined;
}

function answer(code: ProblemCode, detail: string, more: More = {}): ProblemAnswer {
  const { headers, errors = [], retryAfterMs } = more;
  const { status, title, certainty, retryable } = problemOfCode(code);
  const type = `/problems/${code}`;
  const seconds = Math.max(1, Math.ceil((retryAfterMs ?? RETRY_AFTER_MS) / 1_000));
  const retry: Record<string, string> = retryable ? { [RETRY_AFTER]: String(seconds) } : {};
  return {
    body: { type, title, status, detail, code, certainty, ...(errors.length > 0 && { errors }) },
    headers: { ...retry, ...headers },
  };
}
