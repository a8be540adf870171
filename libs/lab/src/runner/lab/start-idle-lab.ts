import type { TracesExporter } from '@indoubt/record';
import { DEFAULT_WORLD } from '@indoubt/shop';
import type { ChaosSettings } from '../chaos/chaos-settings.ts';
import type { RunOptions } from '../scenario/run-scenario.ts';
import { DEFAULT_SAGA, type Lab, newRunDir, startLab } from './start-lab.ts';

/** Starts the lab of `scenario up`, with the default shop. */
export function startIdleLab(
  options: Pick<
    RunOptions,
    'infrastructure' | 'root' | 'signal' | 'onPhase' | 'onLine' | 'coordination'
  > & { chaos: ChaosSettings; traces: TracesExporter },
): Promise<Lab> {
  const { infrastructure, root, signal, onLine, coordination, chaos, traces } = options;
  options.onPhase('starting the services');
  return startLab({
    infrastructure,
    root,
    signal,
    chaos,
    // This lab has no end of a run, so its processes export their spans themselves.
    traces,
    runDir: newRunDir(root, 'up'),
    world: DEFAULT_WORLD,
    coordination,
    saga: DEFAULT_SAGA,
    onLine,
  });
}
