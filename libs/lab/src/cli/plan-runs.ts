import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { PlaceOptions } from '../runner/client/scenario-client.ts';
import type { LoadedScenario } from '../runner/scenario/scenario.ts';

/** The parsed options of `run`. An empty option counts as not given. */
interface RunFlags {
  coordination?: Coordination | '';
  presume?: 'abort' | 'nothing' | '';
  branches?: 'parallel' | 'sequential' | '';
  lastResource?: boolean;
}

/** Returns only the options that were given. Pure. */
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
 * Chooses the coordination of each scenario: the wanted one, or else the scenario's first. Pure.
 * @param all  leave out scenarios that do not support the wanted coordination
 * @throws Failure 'invalid-request' (definite) when a named scenario does not support it
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
  if (first !== undefined && !all) throw unsupported(first, wanted);
  const runs = scenarios.filter(has).map((scenario) => ({
    scenario,
    coordination: wanted ?? scenario.coordinations[0],
  }));
  return { runs, leftOut: missing.map(({ name }) => name) };
}

function unsupported(
  { name, coordinations }: LoadedScenario,
  wanted: Coordination | undefined,
): Failure {
  const what = `${name} cannot run with coordination ${wanted}: it supports only`;
  const next = `Next: use --coordination ${coordinations[0]}, or another scenario.`;
  return new Failure('invalid-request', `${what} ${coordinations.join(', ')}.\n${next}`);
}
