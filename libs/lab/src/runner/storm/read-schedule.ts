import { readFile } from 'node:fs/promises';
import { FAILPOINTS, parseChaos } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { StormAct, StormSchedule, StormStep } from './storm-schedule.ts';
import {
  isProcess,
  RATE_MAX,
  SERVER_NAMES,
  STORM_COORDINATIONS,
  STORM_MS_MAX,
} from './storm-schedule.ts';

/**
 * A storm's schedule from its file, for --replay.
 * @throws Failure 'invalid-request' (definite: nothing was started) that says which part is wrong
 */
export async function readSchedule(file: string): Promise<StormSchedule> {
  try {
    return scheduleOf(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const isOurs = error instanceof Failure || error instanceof Error;
    const why = isOurs ? error.message : String(error);
    const next = "A storm leaves its schedule in its run folder: schedule.json. 'scenario storm'.";
    const cause = { cause: error };
    throw new Failure('invalid-request', `${file} is no schedule: ${why}\n${next}`, cause);
  }
}

/** @throws Failure 'invalid-request' (definite) that says which part is wrong; pure */
export function scheduleOf(document: unknown): StormSchedule {
  const read = document as StormSchedule | null;
  if (typeof read !== 'object' || read === null) throw wrong('it is no object.');
  const { seed, durationMs, rate, coordination, chaos, steps } = read;
  if (!isWhole(seed, 2 ** 31)) throw wrong('seed is no whole number.');
  if (!isWhole(durationMs, STORM_MS_MAX)) throw wrong('durationMs is no duration.');
  if (!(rate > 0 && rate <= RATE_MAX)) throw wrong(`rate is no number up to ${RATE_MAX}.`);
  if (!STORM_COORDINATIONS.some((each) => each === coordination)) {
    throw wrong(`coordination is none of ${STORM_COORDINATIONS.join(', ')}.`);
  }
  if (typeof chaos !== 'string') throw wrong('chaos is no text.');
  parseChaos(chaos, 'chaos');
  if (!Array.isArray(steps)) throw wrong('steps is no list.');
  for (const [index, step] of steps.entries()) checkStep(step, `steps[${index}]`);
  return { seed, durationMs, rate, coordination, chaos, steps };
}

function checkStep(step: StormStep, name: string): void {
  if (!isWhole(step.atMs, STORM_MS_MAX)) throw wrong(`${name}.atMs is no time.`);
  const problem = problemOf(step, name);
  if (problem !== null) throw wrong(`${name}: ${problem}.`);
}

function problemOf(step: StormAct, name: string): string | null {
  switch (step.kind) {
    case 'arm':
      parseChaos(step.rules, name);
      return null;
    case 'hold':
      parseChaos(step.rules, name);
      if (!FAILPOINTS.some((point) => point.name === step.name)) return 'no such crash point';
      return isWhole(step.forMs, STORM_MS_MAX) ? null : 'forMs is no duration';
    case 'calm':
      return null;
    case 'kill':
    case 'copy':
      return isProcess(step.process) ? null : 'no such process';
    case 'pause':
      if (!isProcess(step.process)) return 'no such process';
      return isWhole(step.forMs, STORM_MS_MAX) ? null : 'forMs is no duration';
    case 'server':
      if (!SERVER_NAMES.includes(step.server)) return 'no such server';
      return isWhole(step.downMs, STORM_MS_MAX) ? null : 'downMs is no duration';
    default:
      return 'no such kind of step';
  }
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

function wrong(what: string): Failure {
  return new Failure('invalid-request', what);
}
