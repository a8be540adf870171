import type { ChaosRule } from '@indoubt/chaos';
import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import { DEFAULT_WORLD } from '@indoubt/shop';
import { checkAll } from '../../checkers/invariants.ts';
import { type RowWatch, watchRows } from '../../evidence/rows/watch-rows.ts';
import { type Expectation, RUN_VERSION, type RunResult } from '../../evidence/run-result.ts';
import { snapshotOf } from '../../evidence/snapshot/read-snapshot.ts';
import type { Snapshot } from '../../evidence/snapshot/snapshot.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { timelineOf } from '../../views/narration/narrator.ts';
import type { Durations } from '../../views/narration/render-verdict.ts';
import type { ChaosSettings } from '../chaos/chaos-settings.ts';
import { stopFaults } from '../chaos/stop-faults.ts';
import type { TwoPhaseSettings } from '../lab/lab-settings.ts';
import { settle } from '../lab/settle.ts';
import { DEFAULT_SAGA, type Lab, newRunDir, startLab } from '../lab/start-lab.ts';
import {
  DEFAULT_TRACES,
  type ExportedTraces,
  exportTraces,
  type TracesWanted,
} from '../traces/export-traces.ts';
import { faultsStruck, foundBroken, judge, restsWithin } from './judge.ts';
import { labForScenario, type ScenarioRun } from './lab-for-scenario.ts';
import { repeatCommand } from './repeat-command.ts';
import type { LoadedScenario } from './scenario.ts';
import { storeRun } from './store-run.ts';

export interface RunOptions {
  coordination: Coordination;
  /** Replaces settings of the scenario. */
  twoPhase?: Partial<TwoPhaseSettings>;
  /** Faults in addition to those of the scenario. */
  chaos?: readonly ChaosRule[];
  seed: number;
  /** Leaves the lab running. Then the outcome's `kept` can stop it. */
  keep: boolean;
  infrastructure: Infrastructure;
  /** How the spans are exported; by default by OTLP to Jaeger. */
  traces?: TracesWanted;
  /** The checkout. */
  root: string;
  signal: AbortSignal;
  onLine(line: RecordLine): void;
  /** Gets the current phase of the run, for a waiting person. */
  onPhase(text: string): void;
}

export interface RunOutcome {
  result: RunResult;
  before: Snapshot;
  after: Snapshot;
  durations: Durations;
  /** Why the page could not be written; null when it was written. */
  reportProblem: string | null;
  /** The running lab with `keep`; null otherwise. */
  kept: Lab | null;
}

/**
 * How long the lab has to become idle after the scenario. Longer than any back-off.
 */
const SETTLES_WITHIN_MS = 20_000;

/**
 * Runs one scenario in its own lab: starts the lab, runs the scenario, waits until the lab is idle,
 * checks, and stops the lab.
 * @throws Failure 'lab-failed' when the lab could not start, so that there is no verdict; the
 *   reason of the signal's abort
 */
export async function runScenario(
  scenario: LoadedScenario,
  options: RunOptions,
): Promise<RunOutcome> {
  const { root, infrastructure, signal, onPhase, onLine, keep, coordination } = options;
  const clock = stopwatch();
  onPhase('starting the services');
  let rows: RowWatch | null = null;
  const lab = await startLab({
    infrastructure,
    root,
    signal,
    onLine(line) {
      onLine(line);
      rows?.hear(line);
    },
    chaos: chaosFor(scenario, options),
    leftDead: scenario.leftDead,
    runDir: newRunDir(root, scenario.name),
    world: { ...DEFAULT_WORLD, ...scenario.world },
    coordination,
    saga: scenario.saga ?? DEFAULT_SAGA,
    twoPhase: { ...scenario.twoPhase, ...options.twoPhase },
    cards: scenario.cards,
    keys: scenario.keys,
    limits: scenario.limits,
  });
  let kept: Lab | null = null;
  try {
    rows = await watchRows(lab.databases);
    const { setUpMs, runMs, ...seen } = await watch(scenario, lab, options, clock);
    const { endpoints } = lab;
    const rowsSeen = await rows.stop();
    if (!keep) await lab.stop();
    const lines = lab.record.lines();
    const { traces = DEFAULT_TRACES } = options;
    const sent = await exportTraces(traces, infrastructure, seen.traceIds, lines);
    const durations = { setUpMs, runMs, checkMs: clock() };
    const rest = { ...sent, durations, endpoints, lines, runDir: lab.runDir };
    const found = resultOf(scenario, options, { ...seen, ...rest });
    const written = await storeRun(scenario, found, lines, rowsSeen);
    if (keep) kept = lab;
    return { ...written, before: seen.before, after: seen.after, durations, kept };
  } finally {
    await rows?.stop();
    if (kept === null) await lab.stop();
  }
}

/** The armed rules: those of the scenario, then those of the user. Pure. */
function chaosFor(
  { rules: own, live }: LoadedScenario,
  { chaos: more = [], seed }: RunOptions,
): ChaosSettings {
  const control = live !== undefined || more.length > 0;
  return { rules: [...own, ...more], seed, control, links: live === 'links' };
}

interface Seen {
  before: Snapshot;
  after: Snapshot;
  traceIds: string[];
  expectations: Expectation[];
  isAtRest: boolean;
  comparison: ScenarioRun['comparison'];
  problem: string | null;
}

/** Runs the scenario, waits until the lab is idle, and takes a snapshot before and after. */
async function watch(
  scenario: LoadedScenario,
  lab: Lab,
  { seed, signal, onPhase }: RunOptions,
  clock: () => number,
): Promise<Seen & { setUpMs: number; runMs: number }> {
  const before = await snapshotOf(lab, []);
  const run = labForScenario(lab, seed, signal);
  const setUpMs = clock();
  const problem = await play(scenario, run, signal);
  // Without faults all pending work must end. Otherwise an expectation fails.
  await stopFaults({ ...lab, signal });
  onPhase('waiting until the lab is idle');
  const isAtRest = await settle(lab, SETTLES_WITHIN_MS, signal);
  const runMs = clock();
  onPhase('checking');
  const acknowledged = run.client.acknowledged();
  const after = await snapshotOf(lab, acknowledged);
  const traceIds = run.client.traceIds();
  const { expectations, comparison } = run;
  const seen = { before, after, traceIds, expectations, isAtRest, comparison, problem };
  return { ...seen, setUpMs, runMs };
}

interface Finished extends Seen, ExportedTraces, Pick<RunResult, 'endpoints' | 'runDir'> {
  lines: RecordLine[];
  durations: Durations;
}

function resultOf(scenario: LoadedScenario, options: RunOptions, run: Finished): RunResult {
  const { after, lines, durations, problem, isAtRest, traceIds, runDir, endpoints } = run;
  const invariants = checkAll(after, lines);
  const { name, breaks = [] } = scenario;
  const { coordination, seed, chaos: more = [] } = options;
  const { rules } = chaosFor(scenario, options);
  const struck = faultsStruck(rules, lines);
  const expected = [...foundBroken(breaks, invariants), ...run.expectations];
  const how = { coordination, ...options.twoPhase };
  const infra = options.infrastructure.provider;
  const rests = restsWithin(SETTLES_WITHIN_MS, isAtRest);
  return {
    version: RUN_VERSION,
    scenario: name,
    coordination,
    seed,
    ...judge({
      problem,
      invariants,
      breaks,
      struck,
      expected,
      isAtRest,
      hasMoreFaults: more.length > 0,
      orders: after.orders.length,
    }),
    durationMs: durations.setUpMs + durations.runMs + durations.checkMs,
    invariants,
    expectations: [...struck, ...expected, ...rests],
    comparison: run.comparison(lines),
    orders: after.orders.map(({ id, status, reason }) => ({ id, status, reason })),
    timeline: timelineOf(lines),
    traceIds,
    traceUrls: run.traceUrls,
    tracesProblem: run.tracesProblem,
    runDir,
    report: null,
    again: repeatCommand(scenario, { seed, chaos: more, how, infra }),
    faults: rules.map(({ text }) => text),
    endpoints,
  };
}

/** @returns why the scenario did not reach its end, or null */
async function play(
  scenario: LoadedScenario,
  run: ScenarioRun,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await scenario.run(run.lab);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    // A scenario that did not reach its end is a result and not an error of the lab. The checks
    // still run.
    if (error instanceof Failure && error.code !== 'lab-failed') return error.message;
    throw error;
  }
}

/** Each call returns the whole milliseconds since the previous call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const since = performance.now() - last;
    last += since;
    return Math.round(since);
  };
}
