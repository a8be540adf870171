import { type Certainty, Failure } from '@indoubt/failure';
import type { ProblemCode } from './problem-code.ts';
import { problemOfCode } from './problem-of-code.ts';

/** RFC 9457, with our failure code and whether it may have happened. */
export interface ProblemDetails {
  /** `/problems/` and the code: every service answers it with what the code means. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  certainty: Certainty;
  errors?: RequestError[];
}

export interface RequestError {
  /** Where in the body or query, as in `lines.0.quantity`; empty for the whole. */
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
// Long enough for a restarted part to be back more often than not; the caller repeats with the same
// key.
const RETRY_AFTER_MS = 1_000;

/** A request that does not fit its schema: where, and why. */
export class InvalidRequest extends Failure {
  readonly errors: RequestError[];

  constructor(detail: string, errors: RequestError[] = []) {
    super('invalid-request', detail);
    this.errors = errors;
  }
}

/**
 * A request that HTTP itself refuses, before any code of a service has seen it. Its words are told
 * as they are, so they must name nothing that only the log may have.
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
 * Any thrown value as a problem document. Of what is not expected nothing is told but that it
 * happened; of an accident only what its code means.
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
  const detail = 'Something unexpected happened; it is in the log. Ask again with the same key.';
  return answer('internal-error', detail);
}

/**
 * What an accident says of itself is for the log: it may name hosts and ports behind us. What is in
 * doubt names nothing but what was asked for, and whoever asked must know which that was.
 */
function detailOf({ code, message }: Failure): string {
  const { status, means, next } = problemOfCode(code);
  return status < SERVER_ERROR || code === 'in-doubt' ? message : `${means} ${next}`;
}

/** Express and its body parser throw errors that carry a `type` and a `status` of their own. */
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
