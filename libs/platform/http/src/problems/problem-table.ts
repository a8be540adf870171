import type { ProblemCode } from './problem-code.ts';

/** HTTP status, title, meaning, and what the caller should do next. */
type ProblemRow = readonly [status: number, title: string, means: string, next: string];

/** The only place that maps failure codes to HTTP statuses. */
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
    'This service does not know the type or the fields of a message from another service.',
    'Correct the sender. The message is not handled; it is in the dead-letter topic.',
  ],
  'idempotency-key-missing': [
    400,
    'The idempotency key is missing',
    'This request changes data, and without a key it could not be repeated safely.',
    'Send `Idempotency-Key` with a new UUID. Send the same key when you repeat the request.',
  ],
  'not-allowed': [
    401,
    'The secret is missing or wrong',
    'Only services of the same lab may send this request.',
    'Send `Authorization: Bearer` and the secret of the lab.',
  ],
  'not-found': [
    404,
    'Not found',
    'Nothing has this address or this name.',
    'Check the address. An order that was just accepted may appear a moment later.',
  ],
  'method-not-allowed': [
    405,
    'This method is not allowed here',
    'The address exists, but it answers only other methods.',
    'Use a method that the header `Allow` names.',
  ],
  'not-acceptable': [
    406,
    'No acceptable media type',
    'This address cannot answer in any media type that the header `Accept` admits.',
    'Accept `application/json`, or send no `Accept`.',
  ],
  'request-timeout': [
    408,
    'The request arrived too slowly',
    'The headers or the body did not arrive in time. The request was not handled.',
    'Repeat the request on a new connection, and send all of it at once.',
  ],
  'insufficient-stock': [
    409,
    'Not enough stock',
    'The order needs more of a product than is left.',
    'Order less, or order later.',
  ],
  'payment-declined': [
    409,
    'The payment was declined',
    'Balance, credit limit or card do not cover the order.',
    'Order less, or pay by other means.',
  ],
  'already-undone': [
    409,
    'Already undone',
    'The undo of this step was handled before the step itself. The step is never done.',
    'Do nothing: this refusal prevents a late message from having an effect.',
  ],
  'transaction-aborted': [
    409,
    'The transaction was aborted',
    'A participant voted no, or did not vote in time. All changes are rolled back.',
    'Send the request with a new key if you still want the order.',
  ],
  'idempotency-key-in-use': [
    409,
    'Another request with this key is in progress',
    'The first request with this key has no answer yet. It may still succeed.',
    'Wait as long as `Retry-After` says, then repeat the same request.',
  ],
  'credit-limit-in-use': [
    409,
    'The customer owes more than this limit',
    'The new credit limit is below what the customer already owes.',
    'Choose a higher limit, or wait until less is owed.',
  ],
  'precondition-failed': [
    412,
    'The resource has changed meanwhile',
    'The resource no longer has the version or the state that this request needs.',
    'Read the resource again, decide again, and send its new `ETag` if it has one.',
  ],
  'body-too-large': [
    413,
    'The body is too large',
    'The body has more bytes than this service reads.',
    'Send less. `detail` says how many bytes are allowed.',
  ],
  'uri-too-long': [
    414,
    'The address is too long',
    'Path and query together are longer than this service reads.',
    'Send fewer or shorter parameters.',
  ],
  'unsupported-media-type': [
    415,
    'The body must be JSON',
    'The body has another media type or character set, or it is compressed.',
    'Send plain JSON in UTF-8 with `Content-Type: application/json`.',
  ],
  'expectation-failed': [
    417,
    'Unknown value of the header Expect',
    'The header `Expect` has another value than `100-continue`.',
    'Leave the header out.',
  ],
  'unknown-customer': [
    422,
    'Unknown customer',
    'The request fits its schema, but no customer has this name.',
    'Correct the name.',
  ],
  'unknown-sku': [
    422,
    'Unknown product',
    'The request fits its schema, but it names a product that the shop does not sell.',
    'Correct the name.',
  ],
  'idempotency-key-reused': [
    422,
    'The key belongs to another request',
    'An earlier request had this key, with another method, address or body.',
    'Use a new key for a new request. Use an old key only to repeat the old request.',
  ],
  'precondition-required': [
    428,
    'The version is missing',
    'Without `If-Match` this change could overwrite a change that you have not seen.',
    'Read the resource first, and send its `ETag` in `If-Match`.',
  ],
  'too-many-requests': [
    429,
    'Too many requests',
    'Your address sends more requests in a second than allowed. This request was not handled.',
    'Wait as long as `Retry-After` says. The header `RateLimit` says how many requests are left.',
  ],
  'headers-too-large': [
    431,
    'The headers are too large',
    'The request has more headers, or more bytes in its headers, than this service reads.',
    'Send fewer or shorter headers.',
  ],

  // Errors of the service, or of what it depends on.
  'internal-error': [
    500,
    'The service has a bug',
    'An unexpected error occurred. It is in the log of the service.',
    'Repeat the request with the same key. If the error stays, report it to the operator.',
  ],
  'invalid-config': [
    500,
    'The service is misconfigured',
    'A setting is missing or wrong.',
    'The operator must correct the setting.',
  ],
  'lab-failed': [
    500,
    'The lab failed',
    'The lab could not do its own work. This says nothing about the services.',
    'Read the log of the lab.',
  ],
  interrupted: [
    503,
    'Interrupted',
    'The lab got a signal to stop while it was at work.',
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
    'The service is overloaded',
    'Too many requests are in progress here. This request was not handled.',
    'Wait as long as `Retry-After` says, plus a random time, then repeat the request.',
  ],
  'payment-unavailable': [
    503,
    'Cards cannot be charged now',
    'The card processor does not answer, and the shop is set not to wait for it.',
    'Order again later. The card was not charged.',
  ],
  'breaker-open': [
    503,
    'The breaker is open',
    'Another service has failed so often that no requests are sent to it for a while.',
    'Repeat the request later. The breaker closes when the other service works again.',
  ],
  'bulkhead-full': [
    503,
    'Too many requests wait for the same service',
    'The allowed number of requests to another service is in flight already.',
    'Repeat the request later.',
  ],
  'not-reached': [
    503,
    'Not reached',
    'No connection to another service could be opened. Nothing was sent to it.',
    'Repeat the request later.',
  ],
  'stood-down': [
    503,
    'Another coordinator has taken over',
    'This coordinator makes no more decisions.',
    'Send the request to the other coordinators.',
  ],
  superseded: [
    503,
    'Another coordinator has taken over',
    'It took over while this coordinator was deciding. It knows how the transaction ends.',
    'Request the outcome of the transaction from the other coordinators.',
  ],
  'database-unavailable': [
    503,
    'The database is not available',
    'The connection broke or was refused. The request may have been carried out.',
    'Repeat the request with the same key.',
  ],
  'broker-unavailable': [
    503,
    'The broker is not available',
    'Kafka does not answer. The request may have been carried out.',
    'Repeat the request with the same key.',
  ],
  'service-unavailable': [
    503,
    'The service is not available',
    'The service, or a part that it needs, does not answer.',
    'Repeat the request with the same key.',
  ],
  'timed-out': [
    503,
    'No answer in time',
    'Another service has not answered in time. It may still carry out the request.',
    'Repeat the request with the same key.',
  ],
  'fault-injected': [
    503,
    'A fault was injected',
    'A fault that was armed for this lab struck here. The request may have been carried out.',
    'Repeat the request with the same key, as after any other error.',
  ],
  'in-doubt': [
    503,
    'In doubt: prepared, and not decided',
    'The transaction is prepared, and its decision is not known yet: commit or abort.',
    'Repeat it with the same Idempotency-Key, never with a new key, or read `Location` later.',
  ],
};
