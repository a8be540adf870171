import { randomInt } from 'node:crypto';
import { chaosOf, chaosText } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { drawSchedule } from '../../runner/storm/draw-schedule.ts';
import { readSchedule } from '../../runner/storm/read-schedule.ts';
import { renderStorm } from '../../runner/storm/render-storm.ts';
import { createStormProgress } from '../../runner/storm/storm-progress.ts';
import type { StormResult } from '../../runner/storm/storm-result.ts';
import type { StormCoordination, StormSchedule } from '../../runner/storm/storm-schedule.ts';
import { readablePath } from '../../text/readable-path.ts';
import { takeServers } from '../background/servers.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { createProgress, type Progress } from '../progress.ts';

export interface StormCommandOptions {
  seed?: number;
  /** Milliseconds. */
  duration?: number;
  rate?: number;
  coordination?: StormCoordination;
  /** The file of the schedule to repeat. */
  replay?: string;
  shrink?: boolean;
  infra: WantedProvider;
  json?: boolean;
}

const SEEDS = 1_000_000;
const DURATION_MS = 60_000;
/** Orders per second: what two cores can do in addition to the restarts. */
const RATE = 15;

/**
 * Places orders under random faults, repairs the lab, waits until it is idle, and checks it.
 * @returns the exit code of the verdict
 * @throws Failure when nothing could be run at all, or 'interrupted' after Ctrl-C
 */
export async function stormCommand(cli: Cli, options: StormCommandOptions): Promise<number> {
  const schedule = await scheduleFor(cli, options); // throws before anything starts
  const progress = createProgress(cli.err);
  const servers = await takeServers(cli, options.infra, progress);
  try {
    if (servers.infrastructure.servers === null) reportShared(cli, progress);
    const result = await playStorm(cli, schedule, servers.infrastructure, options, progress);
    progress.clear();
    if (options.json) writeJson(cli, result);
    else cli.out.write(`\n${renderStorm(result, cli.out.paint)}\n`);
    return EXIT[result.verdict];
  } catch (error) {
    if (cli.signal.aborted) throw new Failure('interrupted', 'interrupted.', { cause: error });
    throw error;
  } finally {
    if (!servers.isShared) progress.show('stopping the servers');
    await servers.infrastructure.stop();
    progress.clear();
  }
}

/** @throws Failure 'invalid-request' or 'invalid-config' (definite) */
async function scheduleFor({ env }: Cli, options: StormCommandOptions): Promise<StormSchedule> {
  const chaos = chaosText(chaosOf(env));
  const { replay, seed, duration, rate, coordination } = options;
  if (replay === undefined) {
    return drawSchedule({
      seed: seed ?? randomInt(SEEDS),
      durationMs: duration ?? DURATION_MS,
      rate: rate ?? RATE,
      coordination: coordination ?? 'all',
      chaos,
    });
  }
  const given = { seed, duration, rate, coordination };
  const conflicting = Object.entries(given).filter(([, value]) => value !== undefined);
  if (conflicting.length > 0) {
    const names = conflicting.map(([name]) => `--${name}`).join(', ');
    const next = 'Next: use only one of them.';
    throw new Failure(
      'invalid-request',
      `${names} cannot be combined with --replay: the schedule file has its own.\n${next}`,
    );
  }
  const schedule = await readSchedule(replay);
  return chaos === '' ? schedule : { ...schedule, chaos };
}

function reportShared({ err }: Cli, progress: Progress): void {
  progress.clear();
  err.write('the servers are shared, so this storm does not kill PostgreSQL or Kafka\n');
}

async function playStorm(
  cli: Cli,
  schedule: StormSchedule,
  infrastructure: Infrastructure,
  { shrink, json }: StormCommandOptions,
  progress: Progress,
): Promise<StormResult> {
  const [{ runStorm }, { shrinkStorm }] = await Promise.all([
    import('../../runner/storm/run-storm.ts'),
    import('../../runner/storm/shrink-storm.ts'),
  ]);
  const { root, signal } = cli;
  const to = json ? cli.err : cli.out;
  to.write(`storm: ${headOf(schedule)}\n`);
  const { onLine, onPhase } = createStormProgress((text) => progress.show(text));
  const common = { infrastructure, root, signal, onLine, onPhase };
  const options = { ...common, schedule, repeat: repeatOf };
  const result = await runStorm(options);
  if (!shrink || result.verdict !== 'broken') return result;
  return { ...result, shrunk: await shrinkStorm(result, options) };
}

/** The parameters of the storm. The same parameters repeat the same storm. */
function headOf({ seed, durationMs, rate, coordination, chaos, steps }: StormSchedule): string {
  const about = `seed ${seed}, ${durationMs / 1_000} s, ${rate} orders/s, ${coordination}`;
  return `${about}, ${steps.length} steps${chaos === '' ? '' : `, armed from the start: ${chaos}`}`;
}

function repeatOf(scheduleFile: string): string {
  return `./scenario storm --replay ${readablePath(scheduleFile)}`;
}
