import type { ChaosSettings } from './chaos/chaos-settings.ts';
import { DEFAULT_WORLD } from './default-world.ts';
import type { RunOptions } from './run-scenario.ts';
import { DEFAULT_SAGA, type Lab, newRunDir, startLab } from './start-lab.ts';

/** A lab with the default shop, for people to play with: `scenario up`. */
export function startKeeper(
  options: Pick<
    RunOptions,
    'infrastructure' | 'root' | 'signal' | 'onPhase' | 'onLine' | 'coordination'
  > & { chaos: ChaosSettings },
): Promise<Lab> {
  const { infrastructure, root, signal, onLine, coordination, chaos } = options;
  options.onPhase('starting the services');
  return startLab({
    infrastructure,
    root,
    signal,
    faults: [],
    chaos,
    runDir: newRunDir(root, 'up'),
    world: DEFAULT_WORLD,
    coordination,
    saga: DEFAULT_SAGA,
    onLine,
  });
}
