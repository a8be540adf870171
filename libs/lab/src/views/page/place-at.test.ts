import { expect, test } from 'vitest';
import { placeAt } from './place-at.ts';
import { sampleReport } from './sample-report.fixture.ts';

test('a message is in the outbox, then in Kafka, then at its receiver, also a second time', () => {
  const { events, messages } = sampleReport('saga', { orders: 1 });
  const [message] = messages;
  const places = events.map((event) => message && placeAt(message, event)?.place);
  expect(places[0]).toBeUndefined();
  expect(places.filter((place, index) => place !== places[index - 1])).toEqual([
    'outbox',
    'kafka',
    'received',
    'handled',
    'kafka',
    'ignored',
  ]);
});
