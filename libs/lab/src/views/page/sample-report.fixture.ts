import type { ReportData, ReportEvent, ReportSpan } from './report-data.ts';
import { sampleInDoubt, sampleTables } from './sample-rows.fixture.ts';
import { SAGA_STORY, type SampleMoment, TWO_PHASE_STORY } from './sample-story.fixture.ts';
import type { Lifeline, SequenceStep } from './sequence-model.ts';

const ORDER_EVERY_MS = 300;
const LABELS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * A made-up run with everything in it that a page can show: for tests of the page.
 * @param orders  how many orders it has, each with the same story, 0.3 s after the one before
 */
export function sampleReport(
  coordination: 'saga' | '2pc' = 'saga',
  { orders = 2 }: { orders?: number } = {},
): ReportData {
  const story = coordination === 'saga' ? SAGA_STORY : TWO_PHASE_STORY;
  const labels = Array.from({ length: orders }, (_, index) => labelOf(index));
  const events = labels.flatMap((label, index) => eventsOf(story, label, index));
  return {
    ...headOf(coordination),
    durationMs: orders * ORDER_EVERY_MS,
    orderCount: orders,
    orders: labels.map((label, index) => ({
      id: `01a1ffc6-f06d-771a-840e-${idOf(index)}`,
      label,
      status: coordination === 'saga' ? 'REJECTED' : 'CONFIRMED',
      reason: coordination === 'saga' ? 'payment-declined' : null,
      traceId: traceOf(index),
    })),
    events,
    sequence: {
      lifelines: lifelinesOf(story),
      steps: labels.flatMap((label, index) => stepsOf(story, label, index)),
    },
    spans: labels.flatMap((_, index) => spansOf(story, index)),
    databases: sampleTables(labels, story.length),
    messages: coordination === 'saga' ? labels.map((label, index) => messageOf(label, index)) : [],
    ...sampleInDoubt(coordination),
  };
}

function labelOf(index: number): string {
  const letter = LABELS[index % LABELS.length] ?? '';
  return index < LABELS.length ? letter : `${letter}${Math.floor(index / LABELS.length)}`;
}

function headOf(coordination: 'saga' | '2pc') {
  const scenario = coordination === 'saga' ? 'saga-compensation' : '2pc-coordinator-crash';
  return {
    scenario,
    coordination,
    seed: 502_054,
    startedAt: '2026-11-21T20:23:10.000Z',
    verdict: coordination === 'saga' ? ('holds' as const) : ('broken' as const),
    problem: null,
    again: `./scenario run ${scenario} --seed 502054`,
    about: {
      fault: 'The relay dies after it has published, before it has marked the row.',
      teaches: 'At least once, and yet only one effect: the inbox makes the difference.',
      story: 'Carol orders two packets of tea and cannot pay for them.',
    },
  };
}

function eventsOf(story: readonly SampleMoment[], order: string, index: number): ReportEvent[] {
  return story.map(({ atMs, process, event, text, mark, isDetail }, at) => ({
    id: index * story.length + at,
    atMs: index * ORDER_EVERY_MS + atMs,
    process,
    order,
    event,
    text,
    mark: mark ?? 'plain',
    isDetail: isDetail ?? false,
    traceId: traceOf(index),
    spanId: spanOf(index, at),
  }));
}

function lifelinesOf(story: readonly SampleMoment[]): Lifeline[] {
  const drawn = story.flatMap(({ draws, beside }) => [draws ?? [], beside ?? []]);
  const ids = new Set(drawn.flatMap(([, from, to]) => [from, to].filter((id) => id !== undefined)));
  return [...ids].map((id) => ({ id, kind: kindOf(id) }));
}

function kindOf(id: string): Lifeline['kind'] {
  if (id === 'client') return 'client';
  if (id === 'kafka') return 'broker';
  return id.endsWith('-db') ? 'database' : 'process';
}

function stepsOf(story: readonly SampleMoment[], order: string, index: number): SequenceStep[] {
  const offsetMs = index * ORDER_EVERY_MS;
  return story.flatMap(({ atMs, text, draws, beside }, at) => {
    const base = { event: index * story.length + at, atMs: offsetMs + atMs, order };
    const until = (ms: number | undefined) => (ms === undefined ? null : offsetMs + ms);
    const steps: SequenceStep[] = [];
    if (draws !== undefined) {
      const [kind, from, to, untilMs] = draws;
      steps.push({ ...base, untilMs: until(untilMs), kind, from, to, text });
    }
    if (beside !== undefined) {
      const [kind, from, to, words, untilMs] = beside;
      steps.push({ ...base, untilMs: until(untilMs), kind, from, to, text: words });
    }
    return steps;
  });
}

function spansOf(story: readonly SampleMoment[], index: number): ReportSpan[] {
  return story.map(({ atMs, process, event, text, mark }, at) => ({
    traceId: traceOf(index),
    spanId: spanOf(index, at),
    parentSpanId: at === 0 ? null : spanOf(index, Math.max(0, at - 1 - (at % 3))),
    links: at === 10 ? [{ traceId: traceOf(index), spanId: spanOf(index, 4) }] : [],
    process,
    name: event,
    startMs: index * ORDER_EVERY_MS + atMs,
    endMs: mark === 'crash' ? null : index * ORDER_EVERY_MS + atMs + 5,
    error: mark === 'refused' ? text : null,
    attributes: {
      'order.id': `01a1ffc6-f06d-771a-840e-${idOf(index)}`,
      'messaging.system': 'kafka',
      'messaging.destination.name': 'inventory.commands',
      'messaging.kafka.offset': at,
    },
    events: [index * story.length + at],
  }));
}

function messageOf(order: string, index: number): ReportData['messages'][number] {
  const first = index * SAGA_STORY.length;
  const at = (ms: number) => index * ORDER_EVERY_MS + ms;
  const place = (name: string, ms: number, event: number, process: string, note = '') => ({
    place: name,
    atMs: at(ms),
    event: first + event,
    process,
    note,
  });
  return {
    messageId: `${idOf(index)}:reserve-stock`,
    owner: 'order',
    step: 'reserve-stock',
    topic: 'inventory.commands',
    order,
    places: [
      place('outbox', 6, 1, 'order'),
      place('kafka', 21, 4, 'relay-order'),
      place('received', 27, 6, 'inventory'),
      place('handled', 48, 8, 'inventory', 'done'),
      place('kafka', 151, 10, 'relay-order', 'sent again'),
      place('ignored', 158, 11, 'inventory', 'known already'),
    ],
    inbox: { saga_id: idOf(index), step: 'reserve-stock', outcome: 'done', deliveries: 2 },
  };
}

function idOf(index: number): string {
  return String(index + 1).padStart(12, '0');
}

function traceOf(index: number): string {
  return String(index + 1).padStart(32, '0');
}

function spanOf(index: number, at: number): string {
  return String(index * 100 + at + 1).padStart(16, '0');
}
