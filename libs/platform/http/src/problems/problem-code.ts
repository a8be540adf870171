import type { Certainty, FailureCode } from '@indoubt/failure';

/** Refusals by HTTP itself, and bugs of a service. Failures of the domain have other codes. */
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
