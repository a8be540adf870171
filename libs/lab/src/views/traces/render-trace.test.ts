import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine } from '../../evidence/record/sample-lines.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { inTime, spanLines } from '../sequence/sample-span.fixture.ts';
import { findGaps } from './find-gaps.ts';
import { readTraces } from './read-traces.ts';
import { renderTrace } from './render-trace.ts';
import { renderTraces } from './render-traces.ts';
import { sampleTraceLines } from './sample-traces.fixture.ts';

const plain = createPaint(false);
const traces = readTraces(sampleTraceLines());
const [own] = traces.filter(({ traceId }) => traceId === 'trace-a');
if (own === undefined) throw new Error('the sample has this trace');
const tree = renderTrace(own, traces, plain);

const dead = 'acknowledge inventory.commands';

test('a tree has start, duration, process, name; spans behind an outbox begin at the left', () => {
  expect(tree.split('\n')).toEqual([
    'trace trace-a · order A · 7 spans in 310 ms, 1 failed, 1 died',
    '   +0 ms    30 ms  ██           client          POST /orders',
    '   +5 ms    15 ms  █            order           └ transaction',
    '  +18 ms    42 ms  ░░░          relay-order     outbox wait reserve-stock',
    '  +61 ms     9 ms    █          relay-order     ├ send inventory.commands',
    '  +70 ms    10 ms                               │ ├ (nothing runs for 10 ms)'.replace(
      '├',
      '│',
    ),
    '  +80 ms    10 ms     █         inventory       │ ├ process inventory.commands',
    `  +91 ms        ?     ✗         inventory       │ ├ ✗ ${dead}: died here`,
    '  +95 ms   205 ms                               │ │ (nothing runs for 205 ms)',
    ' +300 ms    10 ms             █ inventory       │ └ ✗ process inventory.commands',
    `${' '.repeat(48)}│     delivered again; no connection (ECONNREFUSED)`,
    '  +71 ms     4 ms               relay-order     └ ⇄ mark published, one of 2: trace-shared',
  ]);
});

test('a wait in the outbox does not count as a gap, and a span closes a gap', () => {
  expect(findGaps(own).map(({ fromMs, untilMs }) => [fromMs, untilMs])).toEqual([
    [70, 80],
    [95, 300],
  ]);
  const across = { ...own, spans: own.spans.map((span) => ({ ...span, endMs: 305 })) };
  expect(findGaps(across)).toEqual([]);
});

test('a span that several traces share is in its own trace and names their orders', () => {
  const [shared] = traces.filter(({ traceId }) => traceId === 'trace-shared');
  expect(shared && renderTrace(shared, traces, plain)).toContain('shared by 2: order A');
});

test('a deep and long tree fits 100 columns', () => {
  const deep = Array.from({ length: 40 }, (_none, depth) =>
    spanLines(`a step with a long name ${'x'.repeat(depth * 3)}`, {
      process: 'relay-inventory-and-more',
      startMs: depth,
      endMs: 100_000 - depth,
      spanId: `deep-${depth}`,
      parentSpanId: `deep-${depth - 1}`,
      attributes: { 'order.id': ORDER_ID },
      failed: `Failure: ${'a very long reason '.repeat(20)}`,
    }),
  ).flat();
  const placed = eventLine('order', 1, { event: 'order-placed', orderId: ORDER_ID });
  const all = readTraces(inTime([placed, ...deep]));
  const text = renderTraces(all, all, plain);
  const widths = text.split('\n').map((line) => Array.from(line).length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(100);
});

const many = Array.from({ length: 25 }, (_none, index) => ({ ...own, traceId: `trace-${index}` }));

test('of several traces each has a line, the first have trees, and the rest has a hint', () => {
  const text = renderTraces(many, [...many, ...traces.slice(-1)], plain);
  expect(text.split('\n')[0]).toBe('trace trace-0 · order A · 7 spans in 310 ms, 1 failed, 1 died');
  expect(text).toContain('\nand 5 more\n');
  expect(text.match(/outbox wait reserve-stock/g)).toHaveLength(3);
  expect(text).toContain('22 more trees are left out: --order A draws those of one order.');
  expect(text).toContain('1 trace works for no single order');
  expect(renderTraces([], [], plain)).toBe('no trace of this run works for an order.\n');
});

test('traces that no client began are counted, not drawn', () => {
  const requests = own.spans.slice(1, 2).map((span) => ({ ...span, name: 'request the decision' }));
  const beside = many.map((trace) => ({ ...trace, spans: requests }));
  const text = renderTraces([own, ...beside], [own, ...beside], plain);
  expect(text).toContain('beside them: request the decision (25 traces)');
  expect(text.match(/^trace /gm)).toHaveLength(1);
});
