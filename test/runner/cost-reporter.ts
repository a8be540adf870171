import type { Reporter, TestModule } from 'vitest/node';
import { costTable, type FileCost } from './cost-table.ts';
import { cpuSeconds } from './cpu-time.ts';

/**
 * Prints after a run which test files took the most processor time.
 * @public for vitest, which takes the default export
 */
export default class CostReporter implements Reporter {
  readonly #begun = new Map<string, { atMs: number; cpu: number }>();
  readonly #costs: FileCost[] = [];

  onTestModuleStart({ moduleId }: TestModule): void {
    this.#begun.set(moduleId, { atMs: performance.now(), cpu: cpuSeconds() ?? 0 });
  }

  onTestModuleEnd({ moduleId, relativeModuleId }: TestModule): void {
    const begun = this.#begun.get(moduleId);
    const cpu = cpuSeconds();
    if (begun === undefined || cpu === null) return;
    const wallSeconds = (performance.now() - begun.atMs) / 1_000;
    this.#costs.push({ file: relativeModuleId, wallSeconds, cpuSeconds: cpu - begun.cpu });
  }

  onTestRunEnd(): void {
    if (this.#costs.length > 0) console.log(costTable(this.#costs));
  }
}
