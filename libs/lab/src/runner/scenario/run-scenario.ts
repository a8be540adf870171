import { parseChaos } from '@indoubt/chaos';
import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import { DEFAULT_WORLD } from '@indoubt/shop';
import { checkAll } from '../../checkers/invariants.ts';
import { type RowWatch, watchRows } from '../../evidence/rows/watch-rows.ts';
import type { Expectation, RunResult } from '../../evidence/run-result.ts';
import { snapshotOf } from '../../evidence/snapshot/read-snapshot.ts';
import type { Snapshot } from '../../evidence/snapshot/snapshot.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { timelineOf } from '../../views/narration/narrator.ts';
import type { Durations } from '../../views/narration/render-verdict.ts';
import type { ChaosSettings } from '../chaos/chaos-settings.ts';
import { stopFaults } from '../chaos/stop-faults.ts';
import type { TwoPhaseSettings } from '../lab/lab-settings.ts';
import { settle } from '../lab/settle.ts';
import { DEFAULT_SAGA, type Lab, newRunDir, ruleOf, startLab } from '../lab/start-lab.ts';
import { type HandedOver, handOver, type TracesWanted, USUAL_TRACES } from '../traces/hand-over.ts';
import { chaosHit, faultsHit, foundBroken, judge, RESTS } from './judge.ts';
import { keepRun } from './keep-run.ts';
import { labForScenario, type ScenarioRun } from './lab-for-scenario.ts';
import { repeatCommand } from './repeat-command.ts';
import type { Scenario } from './scenario.ts';

export interface RunOptions {
  coordination: Coordination;
  /** What differs from the scenario's own settings. */
  twoPhase?: Partial<TwoPhaseSettings>;
  /** Faults beside the story's own, in the grammar of CHAOS. */
  chaos?: string;
  seed: number;
  /** Leave the lab running; the outcome's `kept` then stops it. */
  keep: boolean;
  infrastructure: Infrastructure;
  /** What becomes of its spans beside the record; unless given, a Jaeger gets them by OTLP. */
  traces?: TracesWanted;
  /** The checkout. */
  root: string;
  signal: AbortSignal;
  onLine(line: RecordLine): void;
  /** What the lab is doing now, for a person who waits. */
  onPhase(text: string): void;
}

export interface RunOutcome {
  result: RunResult;
  before: Snapshot;
  after: Snapshot;
  durations: Durations;
  /** Why its page could not be written; null when it was. */
  reportProblem: string | null;
  /** The running lab when `keep` was asked for; null otherwise. */
  kept: Lab | null;
}

/**
 * After the story: how long until nothing may be under way any more. Longer than any retry pauses.
 */
const SETTLES_WITHIN_MS = 20_000;

/**
 * Runs one scenario in a lab of its own: starts it, plays the story, waits for quiet, checks, and
 * stops it.
 * @throws Failure 'lab-failed' when the lab could not be had, so that there is no verdict at all;
 *   what the signal was aborted with
 */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunOutcome> {
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
    faults: scenario.faults,
    chaos: chaosFor(scenario, options),
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
    const { traces = USUAL_TRACES } = options;
    const sent = await handOver(traces, infrastructure, seen.traceIds, lines);
    const durations = { setUpMs, runMs, checkMs: clock() };
    const rest = { ...sent, durations, endpoints, lines, runDir: lab.runDir };
    const found = resultOf(scenario, options, { ...seen, ...rest });
    const written = await keepRun(scenario, found, lines, rowsSeen);
    if (keep) kept = lab;
    return { ...written, before: seen.before, after: seen.after, durations, kept };
  } finally {
    await rows?.stop();
    if (kept === null) await lab.stop();
  }
}

/** What is armed: the story's own rules, then those of whoever runs it. Pure. */
function chaosFor(
  { chaos = '', live }: Scenario,
  { chaos: more = '', seed }: RunOptions,
): ChaosSettings {
  const rules = [chaos, more].filter((text) => text.trim() !== '').join('; ');
  const control = live !== undefined || more !== '';
  return { rules, seed, control, links: live === 'links' };
}

interface Seen {
  before: Snapshot;
  after: Snapshot;
  traceIds: string[];
  expectations: Expectation[];
  comparison: ScenarioRun['comparison'];
  problem: string | null;
}

/** Plays the story and waits until nothing is under way; looks at everything before and after. */
async function watch(
  scenario: Scenario,
  lab: Lab,
  { seed, signal, onPhase }: RunOptions,
  clock: () => number,
): Promise<Seen & { setUpMs: number; runMs: number }> {
  const before = await snapshotOf(lab, []);
  const run = labForScenario(lab, seed, signal);
  const setUpMs = clock();
  const problem = await play(scenario, run, signal);
  // Faults stop; then everything must come to an end, or what is wrong shows.
  await stopFaults({ ...lab, signal });
  onPhase('waiting until nothing is under way');
  const rested = await settle(lab, SETTLES_WITHIN_MS, signal);
  const runMs = clock();
  onPhase('checking');
  const acknowledged = run.client.acknowledged();
  const after = await snapshotOf(lab, acknowledged);
  const traceIds = run.client.traceIds();
  const seconds = SETTLES_WITHIN_MS / 1_000;
  const expectations = rested ? run.expectations : [...run.expectations, restless(seconds)];
  const { comparison } = run;
  return { before, after, traceIds, expectations, comparison, problem, setUpMs, runMs };
}

/** Messages that nobody acknowledged, or work that goes on: the rows may still change. */
function restless(seconds: number): Expectation {
  const detail = `not within ${seconds} s: messages wait, or something goes on (see INV-9)`;
  return { title: RESTS, holds: false, detail };
}

interface Finished extends Seen, HandedOver, Pick<RunResult, 'endpoints' | 'runDir'> {
  lines: RecordLine[];
  durations: Durations;
}

function resultOf(scenario: Scenario, options: RunOptions, run: Finished): RunResult {
  const { after, lines, durations, problem, traceIds, runDir, endpoints } = run;
  const invariants = checkAll(after, lines);
  const { name, faults, breaks = [] } = scenario;
  const { coordination, seed, chaos: more = '' } = options;
  const found = foundBroken(breaks, invariants);
  const { rules } = chaosFor(scenario, options);
  const struck = chaosHit(rules, lines);
  const way = { coordination, ...options.twoPhase };
  const infra = options.infrastructure.provider;
  const expectations = [...faultsHit(faults, lines), ...struck, ...found, ...run.expectations];
  return {
    scenario: name,
    coordination,
    seed,
    ...judge({
      problem,
      invariants,
      breaks,
      expectations,
      hasMoreFaults: more !== '',
      orders: after.orders.length,
    }),
    durationMs: durations.setUpMs + durations.runMs + durations.checkMs,
    invariants,
    expectations,
    comparison: run.comparison(lines),
    orders: after.orders.map(({ id, status, reason }) => ({ id, status, reason })),
    timeline: timelineOf(lines),
    traceIds,
    traceUrls: run.traceUrls,
    tracesProblem: run.tracesProblem,
    runDir,
    report: null,
    again: repeatCommand(scenario, { seed, chaos: more, way, infra }),
    faults: [...faults.map(ruleOf), ...parseChaos(rules).map(({ text }) => text)],
    endpoints,
  };
}

/** @returns what went wrong with the story itself, or null */
async function play(
  scenario: Scenario,
  run: ScenarioRun,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await scenario.run(run.lab);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    // A story that did not come to its end is evidence, not an accident of the lab: check what is
    // there.
    if (error instanceof Failure && error.code !== 'lab-failed') return error.message;
    throw error;
  }
}

/** Each call: whole milliseconds since the call before. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const since = performance.now() - last;
    last += since;
    return Math.round(since);
  };
}
