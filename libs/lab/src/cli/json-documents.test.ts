import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILPOINTS } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { sampleInDoubt, sampleResolution } from '../evidence/in-doubt/sample-in-doubt.fixture.ts';
import { sampleLines } from '../evidence/record/sample-lines.fixture.ts';
import type { RunResult } from '../evidence/run-result.ts';
import { sampleResult } from '../evidence/sample-result.fixture.ts';
import type { ListedRun } from '../evidence/stored-run/list-runs.ts';
import type { About } from '../evidence/violation.ts';
import type { ArmedProcess } from '../runner/chaos/chaos-client.ts';
import type { MatrixResult } from '../runner/matrix/run-matrix.ts';
import type { ListedScenario } from '../runner/scenario/scenario-catalogue.ts';
import { sampleStorm } from '../runner/storm/sample-storm.fixture.ts';
import type { ReportData } from '../views/page/report-data.ts';
import { reportDataOf } from '../views/report/report-data-of.ts';
import { readStory } from '../views/sequence/read-story.ts';
import { sequenceOf } from '../views/sequence/sequence-of.ts';
import { type RecordedTrace, readTraces } from '../views/traces/read-traces.ts';
import { sampleTraceLines } from '../views/traces/sample-traces.fixture.ts';
import type { DiagramDocument } from './commands/diagram-command.ts';
import { summary } from './commands/list-command.ts';
import type { TraceDocument } from './commands/trace-command.ts';
import { unknownResult } from './run-one.ts';
import { sampleDoctor, sampleJaeger, sampleUp } from './sample-status.fixture.ts';
import { statusDocument } from './status.ts';

const DOC = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'json.md');
const SECTIONS = readFileSync(DOC, 'utf8').split('\n## ');
// The keys of these objects are data (names of services or columns), so docs/json.md omits them.
const MAPS = new Set([
  'endpoints.databases',
  'items[].locked[].rows',
  'traces[].spans[].attributes',
]);

function fieldsOf(value: unknown, path = ''): string[] {
  if (MAPS.has(path)) return [];
  if (Array.isArray(value)) return value.slice(0, 1).flatMap((each) => fieldsOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = path === '' ? key : `${path}.${key}`;
    return [field, ...fieldsOf(inner, field)];
  });
}

function documentedIn(title: string): string[] {
  const section = SECTIONS.find((text) => text.startsWith(title)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].flatMap(([, field]) => field ?? []);
}

const LISTED: ListedScenario = {
  name: 'saga-compensation',
  group: 'Saga',
  fault: 'payment declines',
  teaches: 'a committed step is compensated',
  coordinations: ['saga', '2pc'],
  steps: [],
  rules: [],
  invariants: [],
  adrs: [],
  run: async () => undefined,
  minutes: 10,
  needs: ['saga-happy-path'],
};

/** In a broken run `because` is an object, so that its fields are compared too. */
function brokenResult(): RunResult {
  const because = { event: 'order-ended', atMs: 44, process: 'order', text: '', traceId: null };
  const ids = { orderId: '', otherOrderId: '', sagaId: '', transactionId: '', gid: '' };
  const names = { messageId: '', sku: '', customerId: '', key: '', answeredAt: 0 };
  const about: Required<About> = { ...ids, ...names };
  const violation = { kind: 'nothing-captured', step: 'capture-payment', about, text: '' } as const;
  const broken = { holds: false, violations: [violation], because };
  const result = sampleResult();
  const invariants = result.invariants.map((each) => ({ ...each, ...broken }));
  return { ...result, invariants };
}

function sampleReport(): ReportData {
  return reportDataOf({ result: sampleResult(), lines: sampleLines() }, null, null);
}

function sampleMatrix(): MatrixResult {
  const which = { coordination: 'saga', point: 'payment:acted-not-committed', hit: 1 } as const;
  const ended = { outcome: 'confirmed', verdict: 'holds', durationMs: 900 } as const;
  const rest = { broken: [], detail: '', runDir: '', repeat: '' };
  const cells = [{ ...which, ...ended, ...rest }];
  return { verdict: 'holds', cells, neverHit: [], durationMs: 1_000, runDir: '' };
}

function sampleArmed(): ArmedProcess {
  return {
    process: 'payment',
    links: true,
    rules: [{ rule: 'payment=decline', hits: 1, fired: 1 }],
  };
}

function sampleListedRun(): ListedRun {
  const { scenario, coordination, seed, verdict, durationMs, runDir: run } = sampleResult();
  return { run, scenario, coordination, seed, verdict, durationMs };
}

/** A trace whose first span has links comes first, so that the fields of a link are compared. */
function sampleTraceDocument(): TraceDocument {
  const traces = readTraces(sampleTraceLines());
  return { run: '', traceUrls: [], traces: traces.toSorted(byLinks) };
}

function byLinks(one: RecordedTrace, other: RecordedTrace): number {
  return (other.spans[0]?.links.length ?? 0) - (one.spans[0]?.links.length ?? 0);
}

function sampleDiagramDocument(): DiagramDocument {
  return { run: '', ...sequenceOf(readStory(sampleTraceLines())) };
}

test.each([
  ['scenario run NAME --json', brokenResult()],
  ['scenario up --json', statusDocument(sampleUp())],
  ['scenario indoubt --json', sampleInDoubt()],
  ['scenario indoubt resolve GID --json', sampleResolution()],
  ['scenario jaeger --json', sampleJaeger()],
  ['scenario doctor --json', sampleDoctor()],
  ['scenario storm --json', sampleStorm()],
  ['scenario matrix --json', sampleMatrix()],
  ['scenario list --json', { scenarios: [summary(LISTED)] }],
  ['scenario chaos list --json', { processes: [sampleArmed()] }],
  ['scenario failpoints --json', { failpoints: FAILPOINTS }],
  ['scenario trace RUN --json', sampleTraceDocument()],
  ['scenario diagram RUN --json', sampleDiagramDocument()],
  ['scenario runs --json', { runs: [sampleListedRun()] }],
])('docs/json.md documents exactly the fields of %s', (title, document) => {
  expect(documentedIn(title).toSorted()).toEqual(fieldsOf(document).toSorted());
});

test('docs/json.md documents the top-level fields of `report --json`', () => {
  const fields = Object.keys(sampleReport()).map((field) => `runs[].${field}`);
  expect(documentedIn('scenario report RUN --json')).toEqual(['runs', ...fields]);
});

test('docs/json.md documents both fields of the document for several runs', () => {
  expect(documentedIn('scenario run NAME NAME')).toEqual(['verdict', 'runs']);
});

test('the result of a run that did not begin has the same fields as a complete result', () => {
  const error = new Error('no');
  const run = {
    scenario: 'a',
    coordination: 'saga',
    seed: 1,
    durationMs: 0,
    again: '',
    error,
  } as const;
  const unknown = unknownResult(run);
  expect(Object.keys(unknown).toSorted()).toEqual(Object.keys(sampleResult()).toSorted());
  expect(unknown).toMatchObject({ verdict: 'unknown', problem: expect.stringContaining('no') });
});
