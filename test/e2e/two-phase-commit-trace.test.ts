import type { LabOptions } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { type OpenLab, sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

type Line = Parameters<LabOptions['onLine']>[0];

/** A span of the record. Its end is NaN if its process died first. */
interface Span {
  process: string;
  pid: number;
  name: string;
  spanId: string;
  parentSpanId: string | undefined;
  startedAt: number;
  endedAt: number;
}

const lab = sharedLab(sharedServers(), { chaos: { control: true } });
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] };
const PARTICIPANTS = ['inventory', 'payment', 'order'];

/** Places an order and waits until the lab is quiet. @returns the spans of its trace */
async function traceOf(open: OpenLab, how: Parameters<OpenLab['placeOrder']>[1] = {}) {
  const orderId = await open.placeOrder(TEA, { coordination: '2pc', ...how });
  await open.reaches(orderId, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  const traceId = open.client.traceIds().at(-1);
  return spansIn(open.lab.record.lines(), traceId);
}

function spansIn(lines: Line[], traceId: string | undefined): Span[] {
  const spans = new Map<string, Span>();
  for (const line of lines) {
    if (line.kind === 'event' || line.traceId !== traceId) continue;
    const { process, pid, name, spanId, startedAt } = line;
    const begun = spans.get(spanId);
    const parentSpanId = line.kind === 'span-start' ? line.parentSpanId : begun?.parentSpanId;
    const endedAt = line.kind === 'span-end' ? line.endedAt : Number.NaN;
    spans.set(spanId, { process, pid, name, spanId, parentSpanId, startedAt, endedAt });
  }
  return [...spans.values()];
}

/** The only span of this name. @throws Error if there is another number of them */
function onlySpan(spans: Span[], name: string): Span {
  const [found, ...more] = spans.filter((span) => span.name === name);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + 1} or no ${name}`);
  return found;
}

/** The first span of each participant, in their order. A decision may be sent again later. */
function each(spans: Span[], what: string): Span[] {
  const ofThem = PARTICIPANTS.map((name) =>
    spans.filter((span) => span.name === `${what} ${name}`),
  );
  return ofThem.flatMap((found) => found.slice(0, 1));
}

/** The names above a span, from the root. */
function pathTo(spans: Span[], span: Span): string[] {
  const above = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return above === undefined ? [span.name] : [...pathTo(spans, above), span.name];
}

function overlap(a: Span, b: Span): boolean {
  return a.startedAt < b.endedAt && b.startedAt < a.endedAt;
}

const TRANSACTION = [
  'POST /orders',
  'POST /orders',
  'place-order',
  'begin transaction',
  'POST /transactions',
  'two-phase commit',
];

test('a 2pc order makes one trace, from the request to the commit of each branch', async () => {
  const open = lab();
  const spans = await traceOf(open);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId ?? ''));
  expect(roots.map(({ process, name }) => `${process}: ${name}`)).toEqual(['client: POST /orders']);

  const phases = [onlySpan(spans, 'phase 1: prepare'), onlySpan(spans, 'phase 2: commit')] as const;
  for (const phase of phases) {
    expect(pathTo(spans, phase)).toEqual([...TRANSACTION, phase.name]);
  }
  expect(phases[0].endedAt).toBeLessThanOrEqual(phases[1].startedAt);
  const decided = onlySpan(spans, 'log decided');
  expect(decided.parentSpanId).toBe(phases[0].spanId);
  expect(decided.process).toBe('coordinator');
  for (const [phase, message] of [
    [phases[0], 'prepare'],
    [phases[1], 'commit'],
  ] as const) {
    expect(each(spans, message).map(({ parentSpanId }) => parentSpanId)).toEqual(
      PARTICIPANTS.map(() => phase.spanId),
    );
  }
  const works = ['reserve-stock', 'capture-payment', 'create-order'];
  expect(works.map((name) => pathTo(spans, onlySpan(spans, name)).slice(-4))).toEqual(
    works.map((work, n) => [
      'phase 1: prepare',
      `prepare ${PARTICIPANTS[n]}`,
      'POST /transactions/:id/prepare',
      work,
    ]),
  );
});

test('parallel branches are prepared at the same time, sequential branches in turn', async () => {
  const open = lab();
  const parallel = each(await traceOf(open, { branches: 'parallel' }), 'prepare');
  const sequential = each(await traceOf(open, { branches: 'sequential' }), 'prepare');
  const pairs = ([a, b, c]: Span[]) => {
    if (a === undefined || b === undefined || c === undefined) throw new Error('three branches');
    return [overlap(a, b), overlap(b, c), overlap(a, c)];
  };
  expect(pairs(parallel)).toEqual([true, true, true]);
  expect(pairs(sequential)).toEqual([false, false, false]);
  expect(sequential.toSorted((a, b) => a.startedAt - b.startedAt)).toEqual(sequential);
});

test('after a crash of the coordinator its successor goes on in the same trace', async () => {
  const open = lab();
  await open.arm('coordinator:decided-not-sent=crash@1');
  const spans = await traceOf(open);
  const decided = onlySpan(spans, 'log decided');
  const died = spans.filter(({ endedAt }) => Number.isNaN(endedAt));
  expect(died.map(({ pid, name }) => ({ pid, name }))).toEqual([
    { pid: decided.pid, name: 'POST /transactions' },
    { pid: decided.pid, name: 'two-phase commit' },
  ]);
  const commit = onlySpan(spans, 'phase 2: commit');
  expect(commit.process).toBe('coordinator');
  expect(commit.pid).not.toBe(decided.pid);
  expect(commit.startedAt).toBeGreaterThan(decided.endedAt);
  expect(pathTo(spans, commit)).toEqual(expect.arrayContaining(TRANSACTION));
  const commits = each(spans, 'commit');
  expect(commits.map(({ parentSpanId }) => parentSpanId)).toEqual(Array(3).fill(commit.spanId));
  expect(spans.filter(({ name }) => name === 'commit prepared').length).toBeGreaterThanOrEqual(3);
});
