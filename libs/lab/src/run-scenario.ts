import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import type { ChaosSettings } from './chaos/chaos-settings.ts';
import { stopFaults } from './chaos/stop-faults.ts';
import { checkAll } from './checkers/invariants.ts';
import { DEFAULT_WORLD } from './default-world.ts';
import type { Infrastructure } from './infrastructure/provider.ts';
import { chaosHit, faultsHit, foundBroken, judge, RESTS } from './judge.ts';
import { labForScenario, type ScenarioRun } from './lab-for-scenario.ts';
import { timelineOf } from './narration/narrator.ts';
import type { Durations } from './narration/render-verdict.ts';
import { forwardTraces } from './otlp-traces.ts';
import { snapshotOf } from './read-snapshot.ts';
import type { RunResult } from './run-result.ts';
import type { Expectation, Scenario, TwoPhaseSettings } from './scenario.ts';
import { settle } from './settle.ts';
import type { Snapshot } from './snapshot.ts';
import { DEFAULT_SAGA, type Lab, newRunDir, startLab } from './start-lab.ts';

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
  const lab = await startLab({
    infrastructure,
    root,
    signal,
    onLine,
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
    const { setUpMs, runMs, ...seen } = await watch(scenario, lab, options, clock);
    const { endpoints } = lab;
    if (!keep) await lab.stop();
    const lines = lab.record.lines();
    const traceUrls = await forward(infrastructure, seen.traceIds, lines);
    const durations = { setUpMs, runMs, checkMs: clock() };
    const rest = { traceUrls, durations, endpoints, lines, runDir: lab.runDir };
    const result = resultOf(scenario, options, { ...seen, ...rest });
    // It has the databases' passwords in it, as --json does: for its owner's eyes.
    const text = `${JSON.stringify(result, null, 2)}\n`;
    await writeFile(join(lab.runDir, 'result.json'), text, { mode: 0o600 });
    if (keep) kept = lab;
    return { result, before: seen.before, after: seen.after, durations, kept };
  } finally {
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

interface Finished extends Seen, Pick<RunResult, 'traceUrls' | 'endpoints' | 'runDir'> {
  lines: RecordLine[];
  durations: Durations;
}

function resultOf(scenario: Scenario, options: RunOptions, run: Finished): RunResult {
  const { after, lines, durations, problem, traceIds, traceUrls, runDir, endpoints } = run;
  const invariants = checkAll(after, lines);
  const { name, faults, breaks = [] } = scenario;
  const { coordination, seed, chaos: more = '' } = options;
  const found = foundBroken(breaks, invariants);
  const struck = chaosHit(chaosFor(scenario, options).rules, lines);
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
    traceUrls,
    runDir,
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

/** @returns links to the traces; none when no Jaeger is up or it does not take them */
async function forward(
  { jaeger }: Infrastructure,
  traceIds: string[],
  lines: RecordLine[],
): Promise<string[]> {
  if (jaeger === null) return [];
  const refused = await forwardTraces(jaeger.otlpUrl, lines);
  return refused === null ? traceIds.map((id) => `${jaeger.uiUrl}/trace/${id}`) : [];
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
