import type { RunResult } from '../../evidence/run-result.ts';
import { orderLabel } from '../../text/order-label.ts';
import type { ReportOrder } from '../page/report-data.ts';
import type { NarratedEvent, Story } from '../sequence/read-story.ts';

/** The orders of a run, and a lookup by ids. */
export interface OrdersOfRun {
  orders: ReportOrder[];
  /** Labels of orders with a fault, a retry or a compensation. */
  troubled: ReadonlySet<string>;
  /**
   * Label of the order whose id, or whose saga id, is in the text; null when the text has no such
   * id.
   */
  named: (text: string) => string | null;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const NOT_THERE = 'not there';

/** Pure. */
export function ordersOf(story: Story, result: RunResult): OrdersOfRun {
  const labels = labelsOf(story.events, result);
  const ids = new Map(labels);
  for (const { line, order } of story.events) {
    if (line.sagaId !== undefined && order !== null) ids.set(line.sagaId, order);
  }
  const ends = new Map(result.orders.map((order) => [order.id, order]));
  const traces = tracesOf(story.events);
  const orders = [...labels].map(([id, label]): ReportOrder => {
    const { status = NOT_THERE, reason = null } = ends.get(id) ?? {};
    return { id, label, status, reason, traceId: traces.get(label) ?? null };
  });
  const named = (text: string): string | null => {
    for (const [id] of text.matchAll(UUID)) {
      const label = ids.get(id);
      if (label !== undefined) return label;
    }
    return null;
  };
  return { orders, troubled: troubledOf(story.events, orders, result, named), named };
}

/** By order id: its label. Orders that no event names come last. */
function labelsOf(events: readonly NarratedEvent[], result: RunResult): Map<string, string> {
  const labels = new Map<string, string>();
  for (const { line, sentence } of events) {
    if (line.orderId !== undefined && sentence.label !== null) {
      labels.set(line.orderId, sentence.label);
    }
  }
  for (const { id } of result.orders) {
    if (!labels.has(id)) labels.set(id, orderLabel(labels.size));
  }
  return labels;
}

/** By label: the first trace of the order. */
function tracesOf(events: readonly NarratedEvent[]): ReadonlyMap<string, string> {
  const traces = new Map<string, string>();
  for (const { line, order } of events) {
    if (order === null || line.traceId === undefined || traces.has(order)) continue;
    traces.set(order, line.traceId);
  }
  return traces;
}

const TROUBLE = new Set(['crash', 'restart', 'trouble', 'in-doubt', 'again', 'compensation']);

function troubledOf(
  events: readonly NarratedEvent[],
  orders: readonly ReportOrder[],
  result: RunResult,
  named: OrdersOfRun['named'],
): ReadonlySet<string> {
  const troubled = new Set<string>();
  for (const { order, sentence } of events) {
    if (order !== null && TROUBLE.has(sentence.mark)) troubled.add(order);
  }
  for (const { label, status } of orders) {
    if (status === 'PENDING' || status === NOT_THERE) troubled.add(label);
  }
  const broken = result.invariants.filter(({ holds }) => !holds);
  for (const line of broken.flatMap(({ detail }) => detail.split('\n'))) {
    const label = named(line);
    if (label !== null) troubled.add(label);
  }
  return troubled;
}
