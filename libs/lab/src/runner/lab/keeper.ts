import type { TracesWay } from '@indoubt/record';
import { DEFAULT_WORLD } from '@indoubt/shop';
import type { ChaosSettings } from '../chaos/chaos-settings.ts';
import type { RunOptions } from '../scenario/run-scenario.ts';
import { DEFAULT_SAGA, type Lab, newRunDir, startLab } from './start-lab.ts';

/** A lab with the default shop, for people to play with: `scenario up`. */
export function startKeeper(
  options: Pick<
    RunOptions,
    'infrastructure' | 'root' | 'signal' | 'onPhase' | 'onLine' | 'coordination'
  > & { chaos: ChaosSettings; traces: TracesWay },
): Promise<Lab> {
  const { infrastructure, root, signal, onLine, coordination, chaos, traces } = options;
  options.onPhase('starting the services');
  return startLab({
    infrastructure,
    root,
    signal,
    chaos,
    // Nobody forwards its record: it ends when somebody says so.
    traces,
    runDir: newRunDir(root, 'up'),
    world: DEFAULT_WORLD,
    coordination,
    saga: DEFAULT_SAGA,
    onLine,
  });
}
