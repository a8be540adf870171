import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine, sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { orderLabel } from '../../text/order-label.ts';
import { createNarrator, timelineOf } from './narrator.ts';

test('the clock of a run starts with its first request', () => {
  const ready = eventLine('order', -900, { event: 'service-ready' });
  const times = timelineOf([...sampleLines(), ready]).map(({ atMs }) => atMs);
  expect(times).toEqual([0, 0, 4, 4, 6, 9, 12, 31, 38, 44]);
});

test('orders get the labels A, B, ... in the order of their appearance', () => {
  const narrator = createNarrator();
  const placed = (orderId: string) => eventLine('order', 0, { event: 'order-placed', orderId });
  expect(narrator.narrate(placed(ORDER_ID))?.label).toBe('A');
  expect(narrator.narrate(placed('another'))?.label).toBe('B');
  expect(narrator.narrate(placed(ORDER_ID))?.label).toBe('A');
  expect([25, 26, 51, 52, 701, 702].map(orderLabel)).toEqual(['Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
});

test('a message that a process receives a second time has the mark again', () => {
  const narrator = createNarrator();
  const received = (process: string, messageId: string) =>
    narrator.narrate(
      eventLine(process, 0, { event: 'message-received', topic: 't', messageId, step: 's' }),
    )?.mark;
  expect(received('inventory', 'a')).toBe('plain');
  expect(received('payment', 'a')).toBe('plain');
  expect(received('inventory', 'b')).toBe('plain');
  expect(received('inventory', 'a')).toBe('again');
});

test('the second start of a process is narrated as a restart', () => {
  const narrator = createNarrator();
  const started = () => narrator.narrate(eventLine('relay-order', 0, { event: 'process-started' }));
  expect(started()).toMatchObject({ isDetail: true });
  expect(started()).toMatchObject({ isDetail: false, mark: 'restart', process: 'relay-order' });
});

test('a second decision of the same order is narrated as a restart', () => {
  const narrator = createNarrator();
  const decided = (orderId: string) => {
    return narrator.narrate(eventLine('coordinator', 0, { event: 'decision-made', orderId }))?.mark;
  };
  expect([decided('a'), decided('b'), decided('a')]).toEqual(['good', 'good', 'restart']);
});

test('the first epoch of a run is a detail, and a later epoch of any coordinator is not', () => {
  const narrator = createNarrator();
  const taken = (process: string) =>
    narrator.narrate(eventLine(process, 0, { event: 'epoch-taken', epoch: 1, recovered: 0 }));
  expect(taken('coordinator')?.isDetail).toBe(true);
  expect(taken('coordinator-2')?.isDetail).toBe(false);
});

test('a request with the same key is a retry, and a repeated sentence is a detail', () => {
  const narrator = createNarrator();
  const sent = (key: string) => {
    const post = eventLine('client', 0, { event: 'client-request', key });
    const { text, isDetail } = narrator.narrate(post) ?? {};
    return [text, isDetail];
  };
  expect(sent('a')).toEqual(['POST /orders: bob wants 1 × tea', false]);
  expect(sent('b')).toEqual(['POST /orders: bob wants 1 × tea', true]);
  expect(sent('b')).toEqual(['POST /orders again, same key: bob wants 1 × tea', false]);
  expect(sent('b')).toEqual(['POST /orders again, same key: bob wants 1 × tea', true]);
});
