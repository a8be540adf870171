import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseChaos } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import { checkAll } from '../../checkers/invariants.ts';
import { snapshotOf } from '../../evidence/snapshot/read-snapshot.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { stopFaults } from '../chaos/stop-faults.ts';
import type { LabClient } from '../client/lab-client.ts';
import { settle } from '../lab/settle.ts';
import { type Lab, newRunDir, startLab } from '../lab/start-lab.ts';
import { labForScenario } from '../scenario/lab-for-scenario.ts';
import { type Acted, actOnLab, type StormedLab } from './act-on-lab.ts';
import { countStorm, faultKinds } from './count-storm.ts';
import { healLab } from './heal-lab.ts';
import { placeLoad } from './storm-load.ts';
import { judgeStorm, type StormResult } from './storm-result.ts';
import type { StormSchedule } from './storm-schedule.ts';
import { stormWorld } from './storm-world.ts';

export interface StormOptions {
  schedule: StormSchedule;
  infrastructure: Infrastructure;
  /** The checkout. */
  root: string;
  signal: AbortSignal;
  /** Time-outs of the sagas, if not the default of storms. */
  saga?: typeof STORM_SAGA;
  /** How long the lab has to become idle. Milliseconds, default 90,000. */
  restsWithinMs?: number;
  /** The command that repeats the storm with the schedule of this file. */
  repeat(scheduleFile: string): string;
  onLine(line: RecordLine): void;
  /** Gets the current phase of the storm, for a waiting person. */
  onPhase(text: string): void;
}

/**
 * Short time-outs: a saga retries soon and gives up before its pivot after two seconds. So a storm
 * with its outages has many sagas of both outcomes, and undos that meet late actions.
 */
const STORM_SAGA = { answerWithinMs: 700, attemptsMax: 2 };

/** Time to become idle: longer than any back-off and than the backlog of a minute. */
const RESTS_WITHIN_MS = 90_000;
/** A storm kills many processes. A process that cannot start at all dies far more often. */
const DEATHS_MAX = 5_000;

/**
 * Plays one storm in its own lab: places orders under faults, repairs the lab, waits until it is
 * idle, and checks everything. The schedule is written into the run's folder first.
 * @throws Failure 'lab-failed' when the lab could not start; the reason of the signal's abort
 */
export async function runStorm(options: StormOptions): Promise<StormResult> {
  const { schedule, infrastructure, root, signal, onLine, onPhase, saga = STORM_SAGA } = options;
  const { seed } = schedule;
  const rules = parseChaos(schedule.chaos);
  const runDir = newRunDir(root, 'storm');
  onPhase('starting the services');
  const lab = await startLab({
    infrastructure,
    root,
    signal,
    onLine,
    runDir,
    world: stormWorld(schedule),
    coordination: schedule.coordination === '2pc' ? '2pc' : 'saga',
    saga,
    chaos: { rules, seed, control: true, links: true },
    deathsMax: DEATHS_MAX,
  });
  try {
    const scheduleFile = await writeJsonFile(join(runDir, 'schedule.json'), schedule);
    const result = await watch(lab, scheduleFile, options);
    await writeJsonFile(join(runDir, 'result.json'), result);
    return result;
  } finally {
    await lab.stop();
  }
}

/** @returns the path */
export async function writeJsonFile(path: string, document: unknown): Promise<string> {
  await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  return path;
}

async function watch(lab: Lab, scheduleFile: string, options: StormOptions): Promise<StormResult> {
  const { schedule, signal, onPhase } = options;
  const { client } = labForScenario(lab, schedule.seed, signal);
  onPhase('storm');
  const stormed = stormedLab(lab, options);
  const { acted, leftOut, problem, restedAfterMs } = await play(lab, client, stormed, options);
  onPhase('checking');
  const after = await snapshotOf(lab, client.acknowledged());
  const lines = lab.record.lines();
  const invariants = checkAll(after, lines);
  const counts = countStorm({ lines, after, acted });
  const { seed, durationMs, rate, coordination } = schedule;
  return {
    verdict: judgeStorm({ counts, restedAfterMs, invariants, problem }),
    seed,
    durationMs,
    rate,
    coordination,
    counts,
    faultKinds: faultKinds({ lines, acted }),
    leftOut,
    restedAfterMs,
    invariants,
    steps: acted,
    problem,
    runDir: lab.runDir,
    scheduleFile,
    repeat: options.repeat(scheduleFile),
    shrunk: null,
  };
}

function stormedLab({ services, chaos }: Lab, { infrastructure, signal }: StormOptions) {
  if (chaos === null) throw new Error('a storm needs the control endpoints');
  return { services, chaos, servers: infrastructure.servers, signal };
}

interface Played extends Pick<StormResult, 'leftOut' | 'problem' | 'restedAfterMs'> {
  acted: Acted[];
}

/** Runs load and faults in parallel, then repairs the lab and waits until it is idle. */
async function play(
  lab: Lab,
  client: LabClient,
  stormed: StormedLab,
  { schedule, signal, onPhase, restsWithinMs = RESTS_WITHIN_MS }: StormOptions,
): Promise<Played> {
  const faults = actOnLab(stormed, schedule.steps);
  const load = placeLoad({ client, schedule, signal });
  const both = Promise.all([faults, load]);
  both.catch(() => undefined); // awaited below, after the lab is repaired
  let problem: string | null = null;
  try {
    await Promise.race([both, wait(schedule.durationMs, undefined, { signal })]);
    onPhase('the storm is over: restarting servers and processes');
    await healLab(stormed);
    await faults; // a pending step may have armed a fault after the first repair
    await healLab(stormed);
    await stopFaults(stormed);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    problem = error.message;
  }
  const healedAt = performance.now();
  onPhase('waiting until the lab is idle');
  const [acted, leftOut] = await both;
  const isAtRest = await settle(lab, restsWithinMs, signal);
  const restedAfterMs = isAtRest ? Math.round(performance.now() - healedAt) : null;
  return { acted, leftOut, problem, restedAfterMs };
}
