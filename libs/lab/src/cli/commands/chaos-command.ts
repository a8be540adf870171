import { parseChaos } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import {
  type ArmedProcess,
  type ChaosClient,
  chaosClient,
} from '../../runner/chaos/chaos-client.ts';
import { readUp } from '../background/up-file.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

interface Options {
  json?: boolean;
}

/** Arms more faults in the running lab. */
export function chaosSetCommand(cli: Cli, rules: string, options: Options): Promise<number> {
  return showArmed(cli, options, (chaos) => chaos.set(parseChaos(rules)));
}

/** Disarms everything. */
export function chaosClearCommand(cli: Cli, options: Options): Promise<number> {
  return showArmed(cli, options, (chaos) => chaos.clear());
}

/** Lists the armed faults, with their hits and effects. */
export function chaosListCommand(cli: Cli, options: Options): Promise<number> {
  return showArmed(cli, options, (chaos) => chaos.list());
}

/** Resumes processes that are paused at a crash point: at the named one, or at all. */
export async function chaosReleaseCommand(
  cli: Cli,
  name: string | undefined,
  { json }: Options,
): Promise<number> {
  const released = await (await chaosOfLab(cli)).release(name);
  if (json) writeJson(cli, { released });
  else cli.out.write(`${released} resumed\n`);
  return EXIT.holds;
}

async function showArmed(
  cli: Cli,
  { json }: Options,
  act: (chaos: ChaosClient) => Promise<ArmedProcess[]>,
): Promise<number> {
  const processes = await act(await chaosOfLab(cli));
  if (json) writeJson(cli, { processes });
  else cli.out.write(renderArmed(processes));
  return EXIT.holds;
}

/** @throws Failure 'not-found' (no lab is up) or 'not-allowed' (up without --chaos), definite */
async function chaosOfLab({ root, signal }: Cli): Promise<ChaosClient> {
  const up = await readUp(root);
  if (!up?.ready) {
    const next = "Next: run 'scenario up --chaos', then this command again.";
    throw new Failure('not-found', `no lab is up, so no fault can be armed.\n${next}`);
  }
  if (!up.chaos) {
    const next = "Next: run 'scenario down' and 'scenario up --chaos', then this command again.";
    throw new Failure(
      'not-allowed',
      `the running lab was started without --chaos, so no fault can be armed.\n${next}`,
    );
  }
  const { services, secret } = up.endpoints;
  return chaosClient({ services, secret }, signal);
}

/** One line per fault. Pure. */
function renderArmed(processes: readonly ArmedProcess[]): string {
  const lines = processes.flatMap(({ process, rules }) =>
    rules.map(({ rule, hits, fired }) => {
      return `  ${process.padEnd(16)} ${rule}  (reached ${hits}, fired ${fired})`;
    }),
  );
  return lines.length === 0 ? 'no fault is armed\n' : `${lines.join('\n')}\n`;
}
