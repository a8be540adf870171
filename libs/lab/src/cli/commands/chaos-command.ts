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

/** Arms faults in the lab that is up, beside those that are armed. */
export function chaosSetCommand(cli: Cli, rules: string, options: Options): Promise<number> {
  return tellArmed(cli, options, (chaos) => chaos.set(parseChaos(rules)));
}

/** Disarms everything. */
export function chaosClearCommand(cli: Cli, options: Options): Promise<number> {
  return tellArmed(cli, options, (chaos) => chaos.clear());
}

/** What is armed, and how often it was met and struck. */
export function chaosListCommand(cli: Cli, options: Options): Promise<number> {
  return tellArmed(cli, options, (chaos) => chaos.list());
}

/** Lets go on what is paused at a crash point, or everywhere. */
export async function chaosReleaseCommand(
  cli: Cli,
  name: string | undefined,
  { json }: Options,
): Promise<number> {
  const released = await (await chaosOfLab(cli)).release(name);
  if (json) writeJson(cli, { released });
  else cli.out.write(`${released} released\n`);
  return EXIT.holds;
}

async function tellArmed(
  cli: Cli,
  { json }: Options,
  act: (chaos: ChaosClient) => Promise<ArmedProcess[]>,
): Promise<number> {
  const processes = await act(await chaosOfLab(cli));
  if (json) writeJson(cli, { processes });
  else cli.out.write(renderArmed(processes));
  return EXIT.holds;
}

/** @throws Failure 'not-found' (definite): no lab is up, or it was brought up without chaos */
async function chaosOfLab({ root, signal }: Cli): Promise<ChaosClient> {
  const up = await readUp(root);
  if (!up?.ready) {
    const next = "Next: 'scenario up --chaos', then this again.";
    throw new Failure('not-found', `nothing is up: there is nothing to arm.\n${next}`);
  }
  if (!up.chaos) {
    const next = "Next: 'scenario down', 'scenario up --chaos', then this again.";
    throw new Failure('not-allowed', `the lab is up without its chaos controls.\n${next}`);
  }
  const { services, secret } = up.endpoints;
  return chaosClient({ services, secret }, signal);
}

/** One line a fault; pure. */
function renderArmed(processes: readonly ArmedProcess[]): string {
  const lines = processes.flatMap(({ process, rules }) =>
    rules.map(({ rule, hits, fired }) => {
      return `  ${process.padEnd(16)} ${rule}  (met ${hits}, struck ${fired})`;
    }),
  );
  return lines.length === 0 ? 'nothing is armed\n' : `${lines.join('\n')}\n`;
}
