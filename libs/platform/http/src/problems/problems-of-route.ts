import type { Route } from '../server/route.ts';
import type { ProblemCode } from './problem-code.ts';

/** Any route may answer with these codes: HTTP refuses, or the process or its database fails. */
const ALWAYS: readonly ProblemCode[] = [
  'invalid-request',
  'not-found',
  'method-not-allowed',
  'not-acceptable',
  'request-timeout',
  'uri-too-long',
  'expectation-failed',
  'headers-too-large',
  'internal-error',
  'service-unavailable',
  'database-unavailable',
  'timed-out',
  'fault-injected',
];
const WITH_BODY: readonly ProblemCode[] = ['body-too-large', 'unsupported-media-type'];
const LIMITED: readonly ProblemCode[] = ['too-many-requests', 'overloaded'];

/** All codes with which a route can answer: its own codes, and those of the HTTP edge. */
export function problemsOf(route: Route): ProblemCode[] {
  const { problems, body, secured, unlimited } = route;
  return [
    ...new Set<ProblemCode>([
      ...problems,
      ...ALWAYS,
      ...(body === undefined ? [] : WITH_BODY),
      ...(secured === true ? (['not-allowed'] as const) : []),
      ...(secured === true || unlimited === true ? [] : LIMITED),
    ]),
  ];
}
