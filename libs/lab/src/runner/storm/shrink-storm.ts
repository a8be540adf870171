import { join } from 'node:path';
import { runStorm, type StormOptions, writeJsonFile } from './run-storm.ts';
import { shrinkSteps } from './shrink-steps.ts';
import type { ShrunkStorm, StormResult } from './storm-result.ts';

/** Enough for a handful of steps out of a hundred; each is a storm of its full length. */
const TRIES_MAX = 24;
const SHRINKS_WITHIN_MS = 30 * 60_000;

/**
 * Plays a broken storm again and again with fewer of its steps, on the same orders, until no
 * smaller one still breaks or the bounds are met.
 * @param broken  the storm that broke; the smallest schedule is put into its run folder
 * @throws what the signal was aborted with
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
