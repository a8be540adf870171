import { expect, test } from 'vitest';
import { ofOrder, wentWrong } from './of-order.ts';
import { sampleReport } from './sample-report.fixture.ts';

const data = sampleReport('saga', { orders: 3 });

test('one order: its own events, steps, spans and messages, and those that are about none', () => {
  const started = { ...data.events[0], id: 999, order: null } as (typeof data.events)[number];
  const shown = ofOrder({ ...data, events: [started, ...data.events] }, 'B');
  expect(new Set(shown.events.map(({ order }) => order))).toEqual(new Set([null, 'B']));
  expect(new Set(shown.sequence.steps.map(({ order }) => order))).toEqual(new Set(['B']));
  expect(new Set(shown.spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(shown.messages.map(({ order }) => order)).toEqual(['B']);
});

test('a trace that a link leads to belongs to the order, too', () => {
  const [first] = data.spans;
  const linked = { ...first, traceId: 'f', links: [{ traceId: data.spans.at(-1)?.traceId }] };
  const spans = [...data.spans, linked] as typeof data.spans;
  const traces = ofOrder({ ...data, spans }, 'C').spans.map(({ traceId }) => traceId);
  expect(new Set(traces).size).toBe(2);
});

test('all orders: everything', () => {
  expect(ofOrder(data, null)).toBe(data);
});

test('which orders did not go straight through', () => {
  const plain = data.events.map((event) =>
    event.order === 'B' ? event : { ...event, mark: 'plain' as const },
  );
  const orders = data.orders.map((order) => ({ ...order, status: 'CONFIRMED' }));
  const wrong = wentWrong({ ...data, events: plain, orders });
  expect(wrong.map(({ label }) => label)).toEqual(['B']);
  expect(wentWrong(data)).toHaveLength(3);
});

test('an order that made an invariant break went wrong', () => {
  const events = data.events.map((event) => ({ ...event, mark: 'plain' as const }));
  const orders = data.orders.map((order) => ({ ...order, status: 'CONFIRMED' }));
  const event = events.find(({ order }) => order === 'C')?.id ?? -1;
  const checks = data.checks.map((check) => ({ ...check, holds: false, event }));
  expect(wentWrong({ ...data, events, orders, checks }).map(({ label }) => label)).toEqual(['C']);
});
