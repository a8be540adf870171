import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine, sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { orderLabel } from '../../text/order-label.ts';
import { createNarrator, timelineOf } from './narrator.ts';

test('the clock starts with the first request', () => {
  const ready = eventLine('order', -900, { event: 'service-ready' });
  const times = timelineOf([...sampleLines(), ready]).map(({ atMs }) => atMs);
  expect(times).toEqual([0, 0, 4, 4, 6, 9, 12, 31, 38, 44]);
});

test('orders are called A, B, ... as they appear', () => {
  const narrator = createNarrator();
  const placed = (orderId: string) => eventLine('order', 0, { event: 'order-placed', orderId });
  expect(narrator.tell(placed(ORDER_ID))?.label).toBe('A');
  expect(narrator.tell(placed('another'))?.label).toBe('B');
  expect(narrator.tell(placed(ORDER_ID))?.label).toBe('A');
  expect([25, 26, 51, 52, 701, 702].map(orderLabel)).toEqual(['Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});

test('the same message delivered a second time is told as such, another one is not', () => {
  const narrator = createNarrator();
  const received = (process: string, messageId: string) =>
    narrator.tell(
      eventLine(process, 0, { event: 'message-received', topic: 't', messageId, step: 's' }),
    )?.mark;
  expect(received('inventory', 'a')).toBe('plain');
  expect(received('payment', 'a')).toBe('plain');
  expect(received('inventory', 'b')).toBe('plain');
  expect(received('inventory', 'a')).toBe('again');
});

test('a process that the lab starts a second time is a restart', () => {
  const narrator = createNarrator();
  const started = () => narrator.tell(eventLine('relay-order', 0, { event: 'process-started' }));
  expect(started()).toMatchObject({ isDetail: true });
  expect(started()).toMatchObject({ isDetail: false, mark: 'restart', process: 'relay-order' });
});

test('a decision of the same order once more is one that was found in the log', () => {
  const narrator = createNarrator();
  const decided = (orderId: string) => {
    return narrator.tell(eventLine('coordinator', 0, { event: 'decision-made', orderId }))?.mark;
  };
  expect([decided('a'), decided('b'), decided('a')]).toEqual(['good', 'good', 'restart']);
});

test('the first epoch of a run is a detail, any other one is news, whoever takes it', () => {
  const narrator = createNarrator();
  const taken = (process: string) =>
    narrator.tell(eventLine(process, 0, { event: 'epoch-taken', epoch: 1, recovered: 0 }));
  expect(taken('coordinator')?.isDetail).toBe(true);
  expect(taken('coordinator-2')?.isDetail).toBe(false);
});

test('a request with the same key is the same request again, and an echo is a detail', () => {
  const narrator = createNarrator();
  const asked = (key: string) => {
    const post = eventLine('client', 0, { event: 'client-request', key });
    const { text, isDetail } = narrator.tell(post) ?? {};
    return [text, isDetail];
  };
  expect(asked('a')).toEqual(['POST /orders: bob wants 1 × tea', false]);
  expect(asked('b')).toEqual(['POST /orders: bob wants 1 × tea', true]);
  expect(asked('b')).toEqual(['POST /orders again, same key: bob wants 1 × tea', false]);
  expect(asked('b')).toEqual(['POST /orders again, same key: bob wants 1 × tea', true]);
});
