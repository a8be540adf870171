import { type ChaosRule, chaosText } from '@indoubt/chaos';
import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import type { PlaceOptions } from '../client/scenario-client.ts';
import type { Scenario } from './scenario.ts';

/** The options with which a run was started. */
export interface StartedRun {
  seed: number;
  /** Faults in addition to those of the scenario. */
  chaos?: readonly ChaosRule[] | undefined;
  how: PlaceOptions;
  infra: WantedProvider;
}

/** The command that repeats the run, as a person types it in the checkout. Pure. */
export function repeatCommand(
  { name, coordinations }: Pick<Scenario, 'name' | 'coordinations'>,
  { seed, chaos = [], how, infra }: StartedRun,
): string {
  const { coordination, ...rest } = how;
  const isOwn = coordination === coordinations[0];
  const flags = flagsOf(isOwn || coordination === undefined ? rest : { coordination, ...rest });
  const rules = chaos.length === 0 ? '' : `CHAOS='${chaosText(chaos)}' `;
  // A run uses native servers by default.
  const where = infra === 'auto' || infra === 'native' ? '' : ` --infra ${infra}`;
  return `${rules}./scenario run ${name} --seed ${seed}${flags}${where}`;
}

/** The flags for the given options, each with a space before it. Pure. */
export function flagsOf({ coordination, presume, branches, lastResource }: PlaceOptions): string {
  const flags = [
    coordination && `--coordination ${coordination}`,
    presume && `--presume ${presume}`,
    branches && `--branches ${branches}`,
    lastResource && '--last-resource',
  ];
  return flags.flatMap((flag) => (flag ? [` ${flag}`] : [])).join('');
}
