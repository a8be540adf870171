import { expect, test } from 'vitest';
import { ofOrder, wentWrong } from './of-order.ts';
import { sampleReport } from './sample-report.fixture.ts';

const data = sampleReport('saga', { orders: 3 });

test('one order: its own events, steps, spans and messages, and those of no order', () => {
  const started = { ...data.events[0], id: 999, order: null } as (typeof data.events)[number];
  const shown = ofOrder({ ...data, events: [started, ...data.events] }, 'B');
  expect(new Set(shown.events.map(({ order }) => order))).toEqual(new Set([null, 'B']));
  expect(new Set(shown.sequence.steps.map(({ order }) => order))).toEqual(new Set(['B']));
  expect(new Set(shown.spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(shown.messages.map(({ order }) => order)).toEqual(['B']);
});

test('a trace with a link to the trace of the order is included', () => {
  const [first] = data.spans;
  const linked = { ...first, traceId: 'f', links: [{ traceId: data.spans.at(-1)?.traceId }] };
  const spans = [...data.spans, linked] as typeof data.spans;
  const traces = ofOrder({ ...data, spans }, 'C').spans.map(({ traceId }) => traceId);
  expect(new Set(traces).size).toBe(2);
});

test('without a chosen order, the whole run is shown', () => {
  expect(ofOrder(data, null)).toBe(data);
});

test('refused, undone, repeated and unfinished orders count as gone wrong', () => {
  const plain = data.events.map((event) =>
    event.order === 'B' ? event : { ...event, mark: 'plain' as const },
  );
  const orders = data.orders.map((order) => ({ ...order, status: 'CONFIRMED' }));
  const wrong = wentWrong({ ...data, events: plain, orders });
  expect(wrong.map(({ label }) => label)).toEqual(['B']);
  expect(wentWrong(data)).toHaveLength(3);
});

test('an order whose event broke an invariant counts as gone wrong', () => {
  const events = data.events.map((event) => ({ ...event, mark: 'plain' as const }));
  const orders = data.orders.map((order) => ({ ...order, status: 'CONFIRMED' }));
  const event = events.find(({ order }) => order === 'C')?.id ?? -1;
  const checks = data.checks.map((check) => ({ ...check, holds: false, event }));
  expect(wentWrong({ ...data, events, orders, checks }).map(({ label }) => label)).toEqual(['C']);
});
