import { type LoadedScenario, loadScenario, runScenario } from '@indoubt/lab';
import { root } from './shared-servers.ts';

type Options = Parameters<typeof runScenario>[1];

/**
 * Plays a scenario with its first coordination and seed 1, and prints nothing.
 * @param scenario  the scenario or its name
 * @param settings  the servers, and settings that differ from these defaults
 */
export async function playScenario(
  scenario: LoadedScenario | string,
  settings: Pick<Options, 'infrastructure'> & Partial<Options>,
): ReturnType<typeof runScenario> {
  const played = typeof scenario === 'string' ? await loadScenario(root, scenario) : scenario;
  return runScenario(played, {
    coordination: played.coordinations[0],
    seed: 1,
    keep: false,
    root,
    signal: new AbortController().signal,
    onLine: () => undefined,
    onPhase: () => undefined,
    ...settings,
  });
}
