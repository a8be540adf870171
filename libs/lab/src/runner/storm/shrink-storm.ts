import { join } from 'node:path';
import { runStorm, type StormOptions, writeJsonFile } from './run-storm.ts';
import { shrinkSteps } from './shrink-steps.ts';
import type { ShrunkStorm, StormResult } from './storm-result.ts';

/** Enough to find a few steps out of a hundred. Each try is a storm of full length. */
const TRIES_MAX = 24;
const SHRINKS_WITHIN_MS = 30 * 60_000;

/**
 * Repeats a broken storm with fewer steps and the same orders, until no smaller schedule breaks or
 * a bound is reached.
 * @param broken  the broken storm; the smallest schedule is written into its run folder
 * @throws the reason of the signal's abort
 */
export async function shrinkStorm(
  broken: StormResult,
  options: StormOptions,
): Promise<ShrunkStorm> {
  const { schedule, onPhase } = options;
  const until = performance.now() + SHRINKS_WITHIN_MS;
  const { steps, tries, isMinimal } = await shrinkSteps(schedule.steps, {
    mayTry: (made) => made < TRIES_MAX && performance.now() < until,
    async breaks(fewer) {
      const result = await runStorm({ ...options, schedule: { ...schedule, steps: fewer } });
      onPhase(`shrinking: ${fewer.length} of ${schedule.steps.length} steps: ${result.verdict}`);
      return result.verdict === 'broken';
    },
  });
  const file = join(broken.runDir, 'schedule-shrunk.json');
  const scheduleFile = await writeJsonFile(file, { ...schedule, steps });
  const repeat = options.repeat(scheduleFile);
  return { scheduleFile, steps: steps.length, tries, isMinimal, repeat };
}
