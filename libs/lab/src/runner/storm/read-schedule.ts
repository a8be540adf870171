import { readFile } from 'node:fs/promises';
import { FAILPOINTS, parseChaos } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import { firstIssue } from '../../text/first-issue.ts';
import { PROCESS_NAMES } from '../lab/process-name.ts';
import {
  RATE_MAX,
  SERVER_NAMES,
  STORM_COORDINATIONS,
  STORM_MS_MAX,
  type StormSchedule,
} from './storm-schedule.ts';

const SEED_MAX = 2 ** 31;

/**
 * Reads a storm's schedule from its file, for --replay.
 * @throws Failure 'invalid-request' (definite: nothing was started) that names the invalid part
 */
export async function readSchedule(file: string): Promise<StormSchedule> {
  try {
    return scheduleOf(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const next = "Next: use the schedule.json in the run folder of a storm ('scenario storm').";
    const cause = { cause: error };
    throw new Failure(
      'invalid-request',
      `cannot read the schedule ${file}: ${why}\n${next}`,
      cause,
    );
  }
}

/** Pure. @throws Failure 'invalid-request' (definite) that names the invalid part */
export function scheduleOf(document: unknown): StormSchedule {
  const checked = SCHEDULE.safeParse(document);
  if (checked.success) return checked.data;
  throw new Failure('invalid-request', firstIssue(checked.error));
}

/** A whole number from 0 to `most`. */
const whole = (most: number, error: string) => z.int(error).min(0, error).max(most, error);
const ms = whole(STORM_MS_MAX, `no whole number of milliseconds up to ${STORM_MS_MAX}`);

/** Faults in the grammar of CHAOS. */
const rules = z.string('no text').check(({ value, issues }) => {
  try {
    parseChaos(value, 'these rules');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    issues.push({ code: 'custom', input: value, message: error.message });
  }
});

const atMs = ms;
const process = z.enum(PROCESS_NAMES, 'no such process');
const point = z.enum(
  FAILPOINTS.map(({ name }) => name),
  'no such crash point',
);
const STEP = z.discriminatedUnion(
  'kind',
  [
    z.object({ atMs, kind: z.literal('arm'), rules }),
    z.object({ atMs, kind: z.literal('hold'), name: point, rules, forMs: ms }),
    z.object({ atMs, kind: z.literal('calm') }),
    z.object({ atMs, kind: z.literal('kill'), process }),
    z.object({ atMs, kind: z.literal('pause'), process, forMs: ms }),
    z.object({ atMs, kind: z.literal('copy'), process }),
    z.object({
      atMs,
      kind: z.literal('server'),
      server: z.enum(SERVER_NAMES, 'no such server'),
      downMs: ms,
    }),
  ],
  'no such kind of step',
);

const SCHEDULE: z.ZodType<StormSchedule> = z.object(
  {
    seed: whole(SEED_MAX, `no whole number up to ${SEED_MAX}`),
    durationMs: ms,
    rate: z
      .number('no number')
      .positive(`no number above 0`)
      .max(RATE_MAX, `no number up to ${RATE_MAX}`),
    coordination: z.enum(STORM_COORDINATIONS, `none of ${STORM_COORDINATIONS.join(', ')}`),
    chaos: rules,
    steps: z.array(STEP, 'no list'),
  },
  'no object',
);
