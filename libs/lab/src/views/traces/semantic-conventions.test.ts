import { expect, test } from 'vitest';
import { breachesOf, type DescribedSpan } from './semantic-conventions.ts';

const ended = { hasEnded: true, hasFailed: false };
const httpClient: DescribedSpan = {
  ...ended,
  name: 'charge card',
  spanKind: 2,
  attributes: {
    'http.request.method': 'POST',
    'url.full': 'http://127.0.0.1:7/charges',
    'server.address': '127.0.0.1',
    'server.port': 7,
  },
};
const httpServer: DescribedSpan = {
  ...ended,
  name: 'POST /charges',
  spanKind: 1,
  attributes: {
    'http.request.method': 'POST',
    'url.path': '/charges',
    'url.scheme': 'http',
    'server.port': 7,
    'http.response.status_code': 201,
  },
};
const transaction: DescribedSpan = {
  ...ended,
  name: 'transaction',
  spanKind: 2,
  attributes: {
    'db.system.name': 'postgresql',
    'db.namespace': 'orders',
    'db.operation.name': 'TRANSACTION',
    'db.query.summary': 'TRANSACTION',
    'server.address': '127.0.0.1',
    'server.port': 5432,
  },
};
const messaging = {
  'messaging.system': 'kafka',
  'messaging.operation.name': 'process',
  'messaging.operation.type': 'process',
  'messaging.destination.name': 'saga.replies',
  'messaging.consumer.group.name': 'order',
};
const processing: DescribedSpan = {
  ...ended,
  name: 'process saga.replies',
  spanKind: 4,
  attributes: {
    ...messaging,
    'messaging.message.id': 'm1',
    'messaging.kafka.message.key': 'o1',
    'messaging.kafka.offset': 0,
    'messaging.destination.partition.id': '0',
  },
};
const batch = { ...messaging, 'messaging.batch.message_count': 2 };
const batchSpan = { ...processing, attributes: batch };
const settling: DescribedSpan = { ...processing, spanKind: 2, attributes: messaging };
const whole: DescribedSpan[] = [
  httpClient,
  httpServer,
  transaction,
  processing,
  batchSpan,
  settling,
];

test('spans with all attributes have no breaches', () => {
  expect(whole.flatMap(breachesOf)).toEqual([]);
  expect(breachesOf({ ...ended, name: 'place-order', spanKind: 0, attributes: {} })).toEqual([]);
});

test.each(whole)('$name without any one of its attributes is a breach', (span) => {
  const unneeded = Object.keys(span.attributes).filter((attribute) => {
    const { [attribute]: _left, ...attributes } = span.attributes;
    return breachesOf({ ...span, attributes }).length === 0;
  });
  expect(unneeded).toEqual([]);
});

test.each([
  ['a request of no kind', { ...httpClient, spanKind: 0 }, 'charge card: its kind is 0'],
  ['a failure without its type', { ...transaction, hasFailed: true }, 'transaction: no error.type'],
  [
    'a kind without known attributes',
    { ...settling, attributes: {} },
    'process saga.replies: of kind 2, and has no attributes of a known operation',
  ],
  [
    'a password',
    {
      ...httpClient,
      attributes: { ...httpClient.attributes, 'url.full': 'http://me:secret@127.0.0.1:7/charges' },
    },
    'charge card: shows a password',
  ],
])('%s is a breach', (_what, span, breach) => {
  expect(breachesOf(span)).toEqual([breach]);
});
