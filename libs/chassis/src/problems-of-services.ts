import type { ProblemRow } from './problem-table.ts';

/** What is wrong on our side: status, title, what it means, what to do. */
export const PROBLEMS_OF_SERVICES = {
  'internal-error': [
    500,
    'The service has a bug',
    'Something happened that nobody expected. It is in the log of the service.',
    'Ask again with the same key; if it stays, tell whoever runs the service.',
  ],
  'invalid-config': [
    500,
    'The service is misconfigured',
    'A setting is missing or does not fit.',
    'Whoever runs the service must correct it.',
  ],
  'lab-failed': [
    500,
    'The lab failed',
    'The lab could not do its own work; nothing is said about the services.',
    'Look at the log of the lab.',
  ],
  interrupted: [
    503,
    'Interrupted',
    'The lab was told to stop while it was at work.',
    'Start again.',
  ],
  'infrastructure-unavailable': [
    503,
    'The infrastructure is not available',
    'The servers that a lab needs could not be started or reached.',
    '`scenario doctor` says what is missing.',
  ],
  overloaded: [
    503,
    'Too much waits already',
    'So much waits here that this request was not even looked at.',
    'Wait as long as `Retry-After` says, and a random while longer, then ask again.',
  ],
  'payment-unavailable': [
    503,
    'Cards cannot be charged now',
    'The card processor is away, and the shop has chosen not to wait for it.',
    'Order again later. Nothing was charged.',
  ],
  'breaker-open': [
    503,
    'The breaker is open',
    'Another service has failed so often that it is left alone for a while.',
    'Ask again later: it is tried again by itself.',
  ],
  'bulkhead-full': [
    503,
    'Too many wait for the same service',
    'As many requests as may wait for another service wait for it already.',
    'Ask again later.',
  ],
  'not-reached': [
    503,
    'Not reached',
    'Another service is not there; the request has never left this one.',
    'Ask again later.',
  ],
  'stood-down': [
    503,
    'Another coordinator has taken over',
    'This coordinator decides nothing any more.',
    'Ask the other coordinators.',
  ],
  superseded: [
    503,
    'Another coordinator has taken over',
    'It happened while this one was deciding; the other one knows how it ends.',
    'Ask the other coordinators about the same transaction.',
  ],
  'database-unavailable': [
    503,
    'The database is not available',
    'The connection broke or was refused. What was under way may have been done.',
    'Ask again with the same key.',
  ],
  'broker-unavailable': [
    503,
    'The broker is not available',
    'Kafka does not answer. What was under way may have been done.',
    'Ask again with the same key.',
  ],
  'service-unavailable': [
    503,
    'The service is not available',
    'It, or a part that it needs, does not answer.',
    'Ask again with the same key.',
  ],
  'timed-out': [
    503,
    'No answer in time',
    'Another service was asked, and has not answered. It may still do it.',
    'Ask again with the same key.',
  ],
  'fault-injected': [
    503,
    'A fault was injected',
    'The lab was told to fail here, on purpose, and as unclear as in real life.',
    'Ask again with the same key, as after any accident.',
  ],
  'in-doubt': [
    503,
    'In doubt: prepared, and not decided',
    'All is prepared, and nobody can say yet whether it is committed.',
    'Repeat it with the same Idempotency-Key, never with a new one, or look at `Location` later.',
  ],
} as const satisfies Record<string, ProblemRow>;
