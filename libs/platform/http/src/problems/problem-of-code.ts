import { type Certainty, Failure } from '@indoubt/failure';
import { EDGE_CERTAINTY, type EdgeCode, type ProblemCode } from './problem-code.ts';
import { PROBLEM_TABLE } from './problem-table.ts';

/** All that is known of a code. */
export interface Problem {
  code: ProblemCode;
  status: number;
  title: string;
  certainty: Certainty;
  means: string;
  /** What whoever asked should do. */
  next: string;
  /** Whether the answer says when to ask again. */
  retryable: boolean;
}

const UNAVAILABLE = 503;
/** Worth asking again after a while; not what is in doubt, which must be looked at instead. */
const ASK_LATER: readonly ProblemCode[] = ['idempotency-key-in-use', 'too-many-requests'];

export function problemOfCode(code: ProblemCode): Problem {
  return PROBLEMS[code];
}

function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEM_TABLE, text);
}

/** Every code, by status. */
export const PROBLEM_CODES: readonly ProblemCode[] =
  Object.keys(PROBLEM_TABLE).filter(isProblemCode);

// Made once: a Failure, which knows its certainty, costs a stack trace.
const PROBLEMS = Object.fromEntries(
  PROBLEM_CODES.map((code) => [code, describe(code)]),
) as Readonly<Record<ProblemCode, Problem>>;

function describe(code: ProblemCode): Problem {
  const [status, title, means, next] = PROBLEM_TABLE[code];
  const retryable =
    (status === UNAVAILABLE && code !== 'in-doubt') || ASK_LATER.some((each) => each === code);
  return { code, status, title, certainty: certaintyOf(code), means, next, retryable };
}

function certaintyOf(code: ProblemCode): Certainty {
  return isEdgeCode(code) ? EDGE_CERTAINTY[code] : new Failure(code, '').certainty;
}

function isEdgeCode(code: ProblemCode): code is EdgeCode {
  return Object.hasOwn(EDGE_CERTAINTY, code);
}
