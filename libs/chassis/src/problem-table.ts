import { type Certainty, Failure, type FailureCode } from '@indoubt/failure';
import { PROBLEMS_OF_REQUESTS } from './problems-of-requests.ts';
import { PROBLEMS_OF_SERVICES } from './problems-of-services.ts';

/** HTTP status, title, what it means, what to do about it. */
export type ProblemRow = readonly [status: number, title: string, means: string, next: string];

/** What HTTP itself refuses, or a bug of ours: no failure of the domain, so no Failure. */
const EDGE = {
  'method-not-allowed': 'definite',
  'not-acceptable': 'definite',
  'request-timeout': 'definite',
  'body-too-large': 'definite',
  'uri-too-long': 'definite',
  'unsupported-media-type': 'definite',
  'expectation-failed': 'definite',
  'too-many-requests': 'definite',
  'headers-too-large': 'definite',
  'internal-error': 'indefinite',
} as const satisfies Record<string, Certainty>;

type EdgeCode = keyof typeof EDGE;
export type ProblemCode = FailureCode | EdgeCode;

/** The only place that knows HTTP's numbers for our failures. */
const TABLE: Readonly<Record<ProblemCode, ProblemRow>> = {
  ...PROBLEMS_OF_REQUESTS,
  ...PROBLEMS_OF_SERVICES,
};

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
  return Object.hasOwn(TABLE, text);
}

/** Every code, by status. */
export const PROBLEM_CODES: readonly ProblemCode[] = Object.keys(TABLE).filter(isProblemCode);

// Made once: a Failure, which knows its certainty, costs a stack trace.
const PROBLEMS = Object.fromEntries(
  PROBLEM_CODES.map((code) => [code, describe(code)]),
) as Readonly<Record<ProblemCode, Problem>>;

function describe(code: ProblemCode): Problem {
  const [status, title, means, next] = TABLE[code];
  const retryable =
    (status === UNAVAILABLE && code !== 'in-doubt') || ASK_LATER.some((each) => each === code);
  return { code, status, title, certainty: certaintyOf(code), means, next, retryable };
}

function certaintyOf(code: ProblemCode): Certainty {
  return isEdgeCode(code) ? EDGE[code] : new Failure(code, '').certainty;
}

function isEdgeCode(code: ProblemCode): code is EdgeCode {
  return Object.hasOwn(EDGE, code);
}
