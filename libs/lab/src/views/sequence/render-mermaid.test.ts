import { expect, test } from 'vitest';
import type { SequenceModel, SequenceStep } from '../page/sequence-model.ts';
import { lifelinesOf } from './lifelines.ts';
import { ofOrder } from './of-order.ts';
import { renderMermaid } from './render-mermaid.ts';

function step(kind: SequenceStep['kind'], from: string, to: string, text: string): SequenceStep {
  return { event: 0, atMs: 0, untilMs: null, order: 'A', kind, from, to, text };
}

function modelOf(steps: SequenceStep[]): SequenceModel {
  return { lifelines: lifelinesOf(steps), steps };
}

const rendered = (...steps: SequenceStep[]) => renderMermaid(modelOf(steps), 'elsewhere');

test('the diagram has lifelines, arrows and notes', () => {
  const text = rendered(
    step('request', 'client', 'order', 'POST /orders'),
    step('refusal', 'order', 'orders-db', 'no stock'),
    step('message', 'relay-order', 'kafka', 'reserve-stock'),
    step('duplicate', 'kafka', 'order', 'again'),
    step('lost', 'order', 'coordinator', 'no connection'),
    step('crash', 'order', 'order', 'killed'),
    step('lock-wait', 'orders-db', 'orders-db', 'waits'),
    step('prepared', 'order', 'orders-db', 'votes yes'),
    step('rollback', 'order', 'orders-db', 'rolls back'),
    step('pause', 'order', 'order', 'hangs'),
    step('resume', 'order', 'order', 'goes on'),
    step('in-doubt', 'order', 'client', 'answered 503'),
  );
  expect(text).toBe(`sequenceDiagram
    autonumber
    actor client
    participant order
    participant orders_db as orders-db
    participant relay_order as relay-order
    participant coordinator
    participant kafka
    client->>order: POST /orders
    order->>orders_db: ✗ no stock
    relay_order-)kafka: reserve-stock
    kafka-)order: ↻ again
    order-xcoordinator: no connection
    Note over order: ✗ killed
    Note over orders_db: waits
    order->>orders_db: ◐ votes yes
    order->>orders_db: ↶ rolls back
    Note over order: ‖ hangs
    Note over order: ▷ goes on
    order-->>client: ? answered 503
`);
});

test('syntax of Mermaid in a label is escaped, and a label has only one line', () => {
  const text = rendered(step('request', 'client', 'order', 'a; b #1\n%%{x}%% $$ <i>&'));
  expect(text.split('\n').at(-2)).toBe(
    '    client->>order: a#59; b #35;1<br/>#37;#37;#123;x#125;#37;#37; #36;#36; #60;i#62;#38;',
  );
});

test('a long diagram ends with the number of omitted steps and where they are', () => {
  const many = Array.from({ length: 130 }, () => step('request', 'client', 'order', 'again'));
  const lines = rendered(...many, step('crash', 'payment', 'payment', 'killed')).split('\n');
  expect(lines.at(-2)).toBe('    Note over client,order: 11 more steps are left out: elsewhere');
  expect(lines.filter((line) => line.includes('payment'))).toEqual([]);
});

test('the diagram of one order has its steps and the steps that affect all orders', () => {
  const ofB = { ...step('request', 'client', 'order', 'b'), order: 'B' };
  const crash = { ...step('crash', 'payment', 'payment', 'killed'), order: null };
  const own = step('request', 'client', 'order', 'a');
  const model = modelOf([crash, own, ofB, crash, own, crash]);
  expect(ofOrder(model, 'a').steps).toEqual([crash, own, crash, own, crash]);
  expect(ofOrder(model, 'B').lifelines.map(({ id }) => id)).toEqual(['client', 'order', 'payment']);
  expect(() => ofOrder(model, 'Z')).toThrow('no order Z: this run has A, B.');
  expect(() => ofOrder(modelOf([]), '')).toThrow('no order (empty): this run has no orders.');
});
