import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { sampleResult } from '../evidence/sample-result.fixture.ts';
import { sampleRows } from '../evidence/snapshot/sample-snapshots.fixture.ts';
import type { Infrastructure } from '../infrastructure/provider.ts';
import type { RunOutcome } from '../runner/scenario/run-scenario.ts';
import type { LoadedScenario } from '../runner/scenario/scenario.ts';
import { DEFAULT_TRACES } from '../runner/traces/export-traces.ts';
import { runOne } from './run-one.ts';

const scenario: LoadedScenario = {
  name: 'saga-compensation',
  group: 'Saga',
  fault: 'none',
  teaches: 'nothing',
  coordinations: ['saga', '2pc'],
  steps: [],
  rules: [],
  invariants: [],
  adrs: [],
  run: () => Promise.resolve(),
};
const infrastructure: Infrastructure = {
  provider: 'external',
  databaseUrls: { order: '', payment: '', inventory: '', coordinator: '' },
  brokers: [],
  jaeger: null,
  pids: {},
  servers: null,
  logsDir: null,
  stop: () => Promise.resolve(),
};

function run(runScenario: () => Promise<RunOutcome>, signal = new AbortController().signal) {
  const reported: string[] = [];
  const report = {
    begin: () => void reported.push('begin'),
    line: () => undefined,
    outcome: () => void reported.push('outcome'),
    noOutcome: () => void reported.push('no outcome'),
  };
  const nothing = () => undefined;
  const progress = { show: nothing, say: nothing, clear: nothing };
  const cli = { root: '.', signal };
  const planned = { scenario, coordination: '2pc' } as const;
  const how = { twoPhase: {}, chaos: [], seed: 7, traces: DEFAULT_TRACES };
  const common = { cli, planned, ...how, infrastructure, serversMs: 0 };
  return { reported, result: runOne({ ...common, progress, report, runScenario }) };
}

test('runOne returns the result of runScenario', async () => {
  const durations = { setUpMs: 1, runMs: 1, checkMs: 1 };
  const outcome = {
    result: sampleResult(),
    ...sampleRows(),
    durations,
    reportProblem: null,
    kept: null,
  };
  const { result, reported } = run(() => Promise.resolve(outcome));
  expect(await result).toBe(outcome.result);
  expect(reported).toEqual(['begin', 'outcome']);
});

test('when the lab fails, the verdict is unknown and the result says why', async () => {
  const { result, reported } = run(() => Promise.reject(new Failure('lab-failed', 'no disk')));
  expect(await result).toMatchObject({
    verdict: 'unknown',
    problem: 'no disk',
    seed: 7,
    coordination: '2pc',
  });
  expect(reported).toEqual(['begin', 'no outcome']);
});

test('after Ctrl-C runOne throws instead of returning a verdict', async () => {
  const { result } = run(() => Promise.reject(new Error('aborted')), AbortSignal.abort());
  await expect(result).rejects.toMatchObject({ code: 'interrupted' });
});
