import type { ReportData, ReportOrder, ReportSpan } from './report-data.ts';
import { stepsOfOrder } from './steps-of-order.ts';

/** Marks of events that show a detour of their order. */
const DETOURS = new Set(['refused', 'compensation', 'again', 'crash', 'in-doubt', 'trouble']);

/**
 * The part of a run that concerns one order: its own events, and those of no order (a crash).
 * @param label  null: the whole run
 */
export function ofOrder(data: ReportData, label: string | null): ReportData {
  if (label === null) return data;
  const concerns = ({ order }: { order: string | null }) => order === null || order === label;
  return {
    ...data,
    events: data.events.filter(concerns),
    sequence: { ...data.sequence, steps: stepsOfOrder(data.sequence.steps, label) },
    spans: spansOf(data, label),
    messages: data.messages.filter(concerns),
    prepared: data.prepared.filter(concerns),
  };
}

/** The spans of the order's trace, and of traces with a link to that trace. */
function spansOf(data: ReportData, label: string): ReportSpan[] {
  const traceId = data.orders.find((order) => order.label === label)?.traceId;
  if (traceId === null || traceId === undefined) return [];
  const wanted = new Set([traceId]);
  for (const span of data.spans) {
    if (span.links.some((link) => link.traceId === traceId)) wanted.add(span.traceId);
  }
  return data.spans.filter((span) => wanted.has(span.traceId));
}

/** Orders with a detour: refused, undone, repeated, in doubt or unfinished. */
export function wentWrong(data: ReportData): ReportOrder[] {
  const wrong = new Set<string | null>();
  const orderOf = new Map(data.events.map((event) => [event.id, event.order]));
  for (const { mark, order } of data.events) if (DETOURS.has(mark)) wrong.add(order);
  for (const { holds, event } of data.checks) {
    if (!holds && event !== null) wrong.add(orderOf.get(event) ?? null);
  }
  return data.orders.filter(({ label, status }) => status !== 'CONFIRMED' || wrong.has(label));
}
