import { type LoadedScenario, loadScenario, runScenario } from '@indoubt/lab';
import { root } from './shared-servers.ts';

type Options = Parameters<typeof runScenario>[1];

/**
 * Plays a scenario in its own first way, with seed 1, and tells nobody.
 * @param scenario  or its name
 * @param settings  the servers, and whatever is to differ
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
