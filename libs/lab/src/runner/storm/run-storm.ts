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
import { bringBack } from './heal-lab.ts';
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
  /** How patient the sagas are, if otherwise than in other storms. */
  saga?: typeof STORM_SAGA;
  /** How long the lab has to come to rest; 90 s unless given. Milliseconds. */
  restsWithinMs?: number;
  /** The command that does the same again with the schedule of this file. */
  repeat(scheduleFile: string): string;
  onLine(line: RecordLine): void;
  /** What the lab is doing now, for a person who waits. */
  onPhase(text: string): void;
}

/**
 * A saga asks again soon, and gives up before the pivot after two seconds, not after a minute: in a
 * storm that has its outages, both ways out are gone many times, and undos meet their late actions.
 */
const STORM_SAGA = { answerWithinMs: 700, attemptsMax: 2 };

/** After the storm: longer than any back-off, and than a backlog of a minute takes. */
const RESTS_WITHIN_MS = 90_000;
/** They die all the time; whoever cannot live at all dies far more often than that. */
const DEATHS_MAX = 5_000;

/**
 * Plays one storm in a lab of its own: load and faults, then heals, waits until nothing is under
 * way, and checks everything. The schedule is in the run's folder before it begins.
 * @throws Failure 'lab-failed' when the lab could not be had at all; what the signal was aborted
 *   with
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

/** @returns its path */
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

/** Load and faults side by side; then everything back, and quiet. */
async function play(
  lab: Lab,
  client: LabClient,
  stormed: StormedLab,
  { schedule, signal, onPhase, restsWithinMs = RESTS_WITHIN_MS }: StormOptions,
): Promise<Played> {
  const faults = actOnLab(stormed, schedule.steps);
  const load = placeLoad({ client, schedule, signal });
  const both = Promise.all([faults, load]);
  both.catch(() => undefined); // it is awaited below, once the lab is whole again
  let problem: string | null = null;
  try {
    await Promise.race([both, wait(schedule.durationMs, undefined, { signal })]);
    onPhase('the storm is over: bringing back what is down');
    await bringBack(stormed);
    await faults; // one that was under way may have armed something just now
    await bringBack(stormed);
    await stopFaults(stormed);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    problem = error.message;
  }
  const healedAt = performance.now();
  onPhase('waiting until nothing is under way');
  const [acted, leftOut] = await both;
  const isAtRest = await settle(lab, restsWithinMs, signal);
  const restedAfterMs = isAtRest ? Math.round(performance.now() - healedAt) : null;
  return { acted, leftOut, problem, restedAfterMs };
}
