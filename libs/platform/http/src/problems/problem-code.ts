import type { Certainty, FailureCode } from '@indoubt/failure';

/** What HTTP itself refuses, or a bug of ours: no failure of the domain, so no Failure. */
export const EDGE_CERTAINTY = {
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

export type EdgeCode = keyof typeof EDGE_CERTAINTY;
export type ProblemCode = FailureCode | EdgeCode;
