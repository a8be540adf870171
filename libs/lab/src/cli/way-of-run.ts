import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { PlaceOptions } from '../runner/client/scenario-client.ts';
import type { LoadedScenario } from '../runner/scenario/scenario.ts';

/** The options of `run` as they were parsed; an empty one was not meant. */
interface WayOptions {
  coordination?: Coordination | '';
  presume?: 'abort' | 'nothing' | '';
  branches?: 'parallel' | 'sequential' | '';
  lastResource?: boolean;
}

/** What was said about the way of a run, and nothing else. Pure. */
export function wayGiven(options: WayOptions): PlaceOptions {
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
 * Which scenario is played in which way: each in its own first one, or all in the wanted one. Pure.
 * @param all  nobody named them: those that do not have the wanted way are left out
 * @throws Failure 'invalid-request' (definite) when one that was named does not have it
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
