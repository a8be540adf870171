import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { PlaceOptions } from '../runner/client/scenario-client.ts';
import type { LoadedScenario } from '../runner/scenario/scenario.ts';

/** The options of `run` as they were parsed; an empty one counts as not given. */
interface RunFlags {
  coordination?: Coordination | '';
  presume?: 'abort' | 'nothing' | '';
  branches?: 'parallel' | 'sequential' | '';
  lastResource?: boolean;
}

/** The options that were given, and no others. Pure. */
export function placeOptionsOf(options: RunFlags): PlaceOptions {
  const { coordination, presume, branches, lastResource } = options;
  return {
    ...(coordination && { coordination }),
    ...(presume && { presume }),
    ...(branches && { branches }),
    ...(lastResource && { lastResource }),
  };
}

export interface PlannedRun {
  scenario: LoadedScenario;
  coordination: Coordination;
}

/**
 * Which scenario is played with which coordination: each with its own first one, or all with the
 * wanted one. Pure.
 * @param all  leave out scenarios that do not have the wanted coordination
 * @throws Failure 'invalid-request' (definite) when such a scenario was named
 */
export function planRuns(
  scenarios: LoadedScenario[],
  wanted: Coordination | undefined,
  all: boolean,
): { runs: PlannedRun[]; leftOut: string[] } {
  const has = ({ coordinations }: LoadedScenario): boolean =>
    wanted === undefined || coordinations.includes(wanted);
  const missing = scenarios.filter((scenario) => !has(scenario));
  const [first] = missing;
  if (first !== undefined && !all) throw notIn(first, wanted);
  const runs = scenarios.filter(has).map((scenario) => ({
    scenario,
    coordination: wanted ?? scenario.coordinations[0],
  }));
  return { runs, leftOut: missing.map(({ name }) => name) };
}

function notIn({ name, coordinations }: LoadedScenario, wanted: Coordination | undefined): Failure {
  const what = `${name} cannot be played with coordination ${wanted}: it is written for`;
  const next = `Next: --coordination ${coordinations[0]}, or a scenario that has ${wanted}.`;
  return new Failure('invalid-request', `${what} ${coordinations.join(', ')}.\n${next}`);
}
