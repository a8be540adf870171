import { type Certainty, Failure } from '@indoubt/failure';
import { EDGE_CERTAINTY, type EdgeCode, type ProblemCode } from './problem-code.ts';
import { PROBLEM_TABLE } from './problem-table.ts';

/** The description of a code. */
export interface Problem {
  code: ProblemCode;
  status: number;
  title: string;
  certainty: Certainty;
  means: string;
  /** What the caller should do next. */
  next: string;
  /** Whether the response has a Retry-After. */
  retryable: boolean;
}

const UNAVAILABLE = 503;
/** Codes with another status than 503 whose request may be repeated after a pause. */
const RETRY_LATER: readonly ProblemCode[] = ['idempotency-key-in-use', 'too-many-requests'];

export function problemOfCode(code: ProblemCode): Problem {
  return PROBLEMS[code];
}

function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEM_TABLE, text);
}

/** Every code, by status. */
export const PROBLEM_CODES: readonly ProblemCode[] =
  Object.keys(PROBLEM_TABLE).filter(isProblemCode);

// Built once: describing a code creates a Failure, and each Failure takes a stack trace.
const PROBLEMS = Object.fromEntries(
  PROBLEM_CODES.map((code) => [code, describe(code)]),
) as Readonly<Record<ProblemCode, Problem>>;

function describe(code: ProblemCode): Problem {
  const [status, title, means, next] = PROBLEM_TABLE[code];
  const retryable =
    (status === UNAVAILABLE && code !== 'in-doubt') || RETRY_LATER.some((each) => each === code);
  return { code, status, title, certainty: certaintyOf(code), means, next, retryable };
}

function certaintyOf(code: ProblemCode): Certainty {
  return isEdgeCode(code) ? EDGE_CERTAINTY[code] : new Failure(code, '').certainty;
}

function isEdgeCode(code: ProblemCode): code is EdgeCode {
  return Object.hasOwn(EDGE_CERTAINTY, code);
}
