import { basename } from 'node:path';
import { openRun, type runScenario, type StartedJaeger, sendTraces } from '@indoubt/lab';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { edgesOf, firstSpan, pathTo, rootsOf, servicesOf } from './jaeger-spans.ts';
import {
  anotherJaeger,
  canHaveJaeger,
  type JaegerSpan,
  ownJaeger,
  traceIn,
} from './open-jaeger.ts';
import { openLab } from './open-lab.ts';
import { playScenario } from './play-scenario.ts';
import { root, sharedServers } from './shared-servers.ts';

const isPossible = await canHaveJaeger();
const servers = sharedServers();
const jaeger = ownJaeger(isPossible);
let twoPhaseRun: Run;
let saga: JaegerSpan[];
let twoPhase: JaegerSpan[];

beforeAll(async () => {
  if (!isPossible) return;
  saga = await traceOf(await play('saga-compensation', jaeger()), jaeger());
  const how = { coordination: '2pc' } as const;
  twoPhaseRun = await play('2pc-coordinator-crash-after-decision', jaeger(), how);
  twoPhase = await traceOf(twoPhaseRun, jaeger());
});

beforeEach(({ skip }) => {
  skip(!isPossible, 'no Jaeger is built, and this machine has no Go to build it');
});

type Run = Awaited<ReturnType<typeof runScenario>>['result'];
type Options = Partial<Parameters<typeof runScenario>[1]>;

async function play(name: string, { addresses }: StartedJaeger, more: Options = {}): Promise<Run> {
  const infrastructure = { ...servers(), jaeger: addresses };
  const { result } = await playScenario(name, { infrastructure, ...more });
  expect(result.verdict).toBe('holds');
  return result;
}

/** The record of a run, and the number of spans in each of its traces. */
async function recordOf({ runDir }: Run) {
  const { lines } = await openRun(root, basename(runDir));
  const sizeOf = (traceId: string): number => {
    const ids = lines.flatMap((line) =>
      line.kind !== 'event' && line.traceId === traceId ? [line.spanId] : [],
    );
    return new Set(ids).size;
  };
  return { lines, sizeOf };
}

/** The first trace of a run, once Jaeger has all spans that the record has. */
async function traceOf(run: Run, jaeger: StartedJaeger): Promise<JaegerSpan[]> {
  const [id = ''] = run.traceIds;
  expect(run.traceUrls[0]).toBe(`${jaeger.addresses.uiUrl}/trace/${id}`);
  return traceIn(jaeger, id, (await recordOf(run)).sizeOf(id));
}

/** The spans of a saga step: outbox, Kafka, the service, and the reply through outbox and Kafka. */
function step(name: string, service: string): string[] {
  return [
    `relay-order: outbox wait ${name}`,
    `relay-order: send ${service}.commands`,
    `${service}: process ${service}.commands`,
    `${service}: transaction`,
    `relay-${service}: outbox wait ${name}`,
    `relay-${service}: send saga.replies`,
    'order: process saga.replies',
    'order: transaction',
    'order: advance-saga',
  ];
}

test('saga-compensation makes one trace, from the request to the last compensation', () => {
  expect(rootsOf(saga)).toEqual(['client: POST /orders']);
  const shop = ['client', 'inventory', 'order', 'payment'];
  expect(servicesOf(saga)).toEqual([...shop, 'relay-inventory', 'relay-order', 'relay-payment']);
  const ended = saga.filter(({ name }) => name === 'advance-saga');
  const paths = ended.map((span) => pathTo(saga, span));
  expect(paths.toSorted((a, b) => b.length - a.length)[0]).toEqual([
    'client: POST /orders',
    'order: POST /orders',
    'order: place-order',
    'order: transaction',
    ...step('reserve-stock', 'inventory'),
    ...step('capture-payment', 'payment'),
    ...step('release-stock', 'inventory'),
  ]);
  const undone = firstSpan(saga, 'release-stock');
  expect(undone.tags).toMatchObject({ 'saga.compensation': true });
  expect(pathTo(saga, undone).slice(-2)).toEqual([
    'inventory: transaction',
    'inventory: release-stock',
  ]);
});

test('spans of HTTP, messages and databases have the standard OpenTelemetry attributes', () => {
  const http = { 'http.request.method': 'POST' };
  expect(firstSpan(saga, 'POST /orders', 'order').tags).toMatchObject({
    ...http,
    'span.kind': 'server',
    'http.route': '/orders',
    'http.response.status_code': 202,
    'url.path': '/orders',
    'url.scheme': 'http',
  });
  expect(firstSpan(twoPhase, 'prepare inventory').tags).toMatchObject({
    ...http,
    'span.kind': 'client',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'server.port': expect.any(Number),
  });
  const kafka = { 'messaging.system': 'kafka', 'messaging.destination.name': 'saga.replies' };
  expect(firstSpan(saga, 'send saga.replies').tags).toMatchObject({
    ...kafka,
    'span.kind': 'producer',
    'messaging.operation.type': 'send',
  });
  expect(firstSpan(saga, 'process saga.replies').tags).toMatchObject({
    ...kafka,
    'span.kind': 'consumer',
    'messaging.operation.type': 'process',
    'messaging.consumer.group.name': 'order',
  });
  const postgres = { 'span.kind': 'client', 'db.system.name': 'postgresql' };
  for (const span of [firstSpan(saga, 'transaction'), firstSpan(twoPhase, 'commit prepared')]) {
    expect(span.tags).toMatchObject({ ...postgres, 'db.namespace': expect.any(String) });
  }
});

const BEGUN = [
  'client: POST /orders',
  'order: POST /orders',
  'order: place-order',
  'order: begin transaction',
  'coordinator: POST /transactions',
  'coordinator: two-phase commit',
];

test('2PC with a crash of the coordinator makes one trace, before and after the crash', () => {
  expect(rootsOf(twoPhase)).toEqual(['client: POST /orders']);
  const shop = ['client', 'coordinator', 'inventory', 'order', 'payment'];
  expect(servicesOf(twoPhase)).toEqual(shop);
  const died = twoPhase.filter(({ tags }) => tags['in_doubt.process_died'] === true);
  const names = died.map(({ name }) => name);
  expect(names.toSorted()).toEqual(['POST /transactions', 'two-phase commit']);
  for (const { tags } of died) expect(tags).toMatchObject({ error: true });
  const decided = firstSpan(twoPhase, 'log decided');
  const commit = firstSpan(twoPhase, 'phase 2: commit');
  // The decision is sent by another process than the process that made it, in the same trace.
  expect(died[0]?.tags['process.pid']).toBe(decided.tags['process.pid']);
  expect(commit.tags['process.pid']).not.toBe(decided.tags['process.pid']);
  expect(pathTo(twoPhase, commit)).toEqual([...BEGUN, 'coordinator: phase 2: commit']);
});

test.each([
  ['inventory', 'reserve-stock'],
  ['payment', 'capture-payment'],
  ['order', 'create-order'],
])('2PC: the trace leads to %s, its %s and its commit', (participant, work) => {
  expect(pathTo(twoPhase, firstSpan(twoPhase, work, participant))).toEqual([
    ...BEGUN,
    'coordinator: phase 1: prepare',
    `coordinator: prepare ${participant}`,
    `${participant}: POST /transactions/:id/prepare`,
    `${participant}: ${work}`,
  ]);
  expect(pathTo(twoPhase, firstSpan(twoPhase, 'commit prepared', participant))).toEqual([
    ...BEGUN,
    'coordinator: phase 2: commit',
    `coordinator: commit ${participant}`,
    `${participant}: POST /transactions/:id/commit`,
    `${participant}: commit prepared`,
  ]);
});

test('the exporters jaeger-client and OTLP send the same spans, parents and links', async () => {
  const other = await anotherJaeger(); // this Jaeger has no spans yet
  onTestFinished(other.stop);
  const { lines, sizeOf } = await recordOf(twoPhaseRun);
  expect(await sendTraces(other.addresses, lines, 'jaeger')).toBeNull();
  const [id = ''] = twoPhaseRun.traceIds;
  const byThrift = await traceIn(other, id, sizeOf(id));
  expect(edgesOf(byThrift)).toEqual(edgesOf(twoPhase));
});

test('a span for a batch of several traces links to each of these traces', async () => {
  await using open = await openLab(servers());
  const relay = open.pidOf('relay-order');
  open.signal(relay, 'SIGSTOP');
  const tea = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
  const orders = await Promise.all([1, 2, 3].map(() => open.placeOrder(tea)));
  open.signal(relay, 'SIGCONT');
  await Promise.all(orders.map((id) => open.reaches(id, 'CONFIRMED')));
  expect(await open.broken()).toEqual([]);
  const lines = open.lab.record.lines();
  const shared = lines.find(
    (line) =>
      line.kind === 'span-end' && line.name === 'mark published' && line.links?.length === 3,
  );
  if (shared?.kind !== 'span-end')
    throw new Error('the three messages were not published in one batch');
  const causes = (shared.links ?? []).map(({ traceId, spanId }) => `${traceId}/${spanId}`);
  const traces = causes.map((cause) => cause.slice(0, 32));
  expect(traces.toSorted()).toEqual(open.client.traceIds().toSorted());
  for (const exporter of ['otlp', 'jaeger'] as const) {
    const other = await anotherJaeger();
    onTestFinished(other.stop);
    expect(await sendTraces(other.addresses, lines, exporter)).toBeNull();
    const [span] = await traceIn(other, shared.traceId, 1);
    expect(span?.links).toEqual(causes.toSorted());
  }
});

test('a run whose Jaeger dies keeps its verdict and says why it has no link', async () => {
  const dying = await anotherJaeger();
  let killed = false;
  const run = await play('saga-happy-path', dying, {
    onLine({ kind, ...line }) {
      if (killed || kind !== 'event' || !('event' in line)) return;
      if (line.event !== 'order-placed') return;
      process.kill(dying.pid, 'SIGKILL');
      killed = true;
    },
  });
  expect(killed).toBe(true);
  expect(run).toMatchObject({
    traceUrls: [],
    tracesProblem: expect.stringMatching(/^Jaeger at \S+ did not accept the spans: .*ECONNREFUSED/),
  });
  await dying.stop();
});
