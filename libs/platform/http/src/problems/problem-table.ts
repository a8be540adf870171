import type { ProblemCode } from './problem-code.ts';

/** HTTP status, title, meaning, and what the caller should do next. */
type ProblemRow = readonly [status: number, title: string, means: string, next: string];

/** The only place that knows HTTP's numbers for our failures. */
export const PROBLEM_TABLE: Readonly<Record<ProblemCode, ProblemRow>> = {
  // Errors that the caller can correct.
  'invalid-request': [
    400,
    'The request is not valid',
    'Its body, query, path or a header cannot be read, or does not fit its schema.',
    'Correct what `errors` or `detail` names. The same request is refused again.',
  ],
  'malformed-message': [
    400,
    'The message cannot be read',
    'A message between services is not one that this service knows.',
    'Look at who sent it: it is not handled, and lies among the dead letters.',
  ],
  'idempotency-key-missing': [
    400,
    'The idempotency key is missing',
    'This request does something, and without a key it could not be repeated safely.',
    'Send `Idempotency-Key` with a new UUID, and the same one when you repeat the request.',
  ],
  'not-allowed': [
    401,
    'The secret is missing or wrong',
    'Only services of the same lab may ask for this.',
    'Send `Authorization: Bearer` and the secret of the lab.',
  ],
  'not-found': [
    404,
    'Not found',
    'There is nothing at this address, or nothing of that name.',
    'Check the address. What was just accepted may show up a moment later.',
  ],
  'method-not-allowed': [
    405,
    'This method is not allowed here',
    'The address is right, and answers other methods only.',
    'Use one of those that the header `Allow` names.',
  ],
  'not-acceptable': [
    406,
    'None of what you accept is made here',
    'The header `Accept` admits no media type that this address can answer in.',
    'Accept `application/json`, or send no `Accept`.',
  ],
  'request-timeout': [
    408,
    'The request came too slowly',
    'Its head or its body was not here in time. Nothing of it was looked at.',
    'Ask again on a new connection, and send the whole request at once.',
  ],
  'insufficient-stock': [
    409,
    'Not enough stock',
    'Less of a product is left than the order wants.',
    'Order less, or later.',
  ],
  'payment-declined': [
    409,
    'The payment was declined',
    'Balance, credit limit or card do not cover the order.',
    'Order less, or pay another way.',
  ],
  'already-undone': [
    409,
    'Already undone',
    'It was taken back before it was asked for, and so it is never done.',
    'Nothing: that is how a late message is kept from doing harm.',
  ],
  'transaction-aborted': [
    409,
    'The transaction was aborted',
    'Somebody voted no, or did not vote in time. Nothing of it stays.',
    'Ask again with a new key if you still want it.',
  ],
  'idempotency-key-in-use': [
    409,
    'Another request with this key is under way',
    'The first request with this key has not been answered yet; it may still succeed.',
    'Wait as long as `Retry-After` says, and send the same request again.',
  ],
  'credit-limit-in-use': [
    409,
    'More than that is in use',
    'The new credit limit is below what the customer already owes.',
    'Choose a higher limit, or wait until less is owed.',
  ],
  'precondition-failed': [
    412,
    'It has changed meanwhile',
    'What you have read, as `If-Match` names it, is not what is there now.',
    'Read it again, decide again, and send the new `ETag`.',
  ],
  'body-too-large': [
    413,
    'The body is too large',
    'The body has more bytes than are read here.',
    'Send less; `detail` says how much may be sent.',
  ],
  'uri-too-long': [
    414,
    'The address is too long',
    'Path and query together are longer than is read here.',
    'Send fewer or shorter parameters.',
  ],
  'unsupported-media-type': [
    415,
    'The body must be JSON',
    'The body is of another media type or character set, or it is compressed.',
    'Send plain JSON in UTF-8 with `Content-Type: application/json`.',
  ],
  'expectation-failed': [
    417,
    'That cannot be expected here',
    'The header `Expect` asks for something else than `100-continue`.',
    'Leave the header out.',
  ],
  'unknown-customer': [
    422,
    'Unknown customer',
    'The request fits its schema, and names a customer that there is not.',
    'Correct the name.',
  ],
  'unknown-sku': [
    422,
    'Unknown product',
    'The request fits its schema, and names a product that is not sold here.',
    'Correct the name.',
  ],
  'idempotency-key-reused': [
    422,
    'The key belongs to another request',
    'The key came before, with another method, address or body.',
    'Use a new key for a new request, and the old one only to repeat the old one.',
  ],
  'precondition-required': [
    428,
    'Say which version you have read',
    'Without `If-Match` this change could undo that of somebody else, unseen.',
    'Read it first, and send its `ETag` in `If-Match`.',
  ],
  'too-many-requests': [
    429,
    'Too many requests',
    'More requests a second come from your address than may. Nothing of this was looked at.',
    'Wait as long as `Retry-After` says; the header `RateLimit` tells what is left.',
  ],
  'headers-too-large': [
    431,
    'The headers are too large',
    'The head of the request has more bytes, or more headers, than are read here.',
    'Send fewer or shorter headers.',
  ],

  // Errors of the service, or of what it depends on.
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
};
