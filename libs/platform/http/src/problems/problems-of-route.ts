import type { Route } from '../server/route.ts';
import type { ProblemCode } from './problem-code.ts';

/** Any route may answer these: HTTP refuses, the process or its database is in trouble. */
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

/** Every way in which a route can refuse: its own, and what the edge refuses for it. */
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
