import type { Reporter, TestModule } from 'vitest/node';
import { costTable, type FileCost } from './cost-table.ts';
import { cpuSeconds } from './cpu-time.ts';

/**
 * Prints after a run which test files took the most processor time. The time that is used while
 * several files run is split evenly between them.
 * @public for vitest, which takes the default export
 */
export default class CostReporter implements Reporter {
  readonly #running = new Map<string, FileCost & { begunAt: number }>();
  readonly #costs: FileCost[] = [];
  #counted = cpuSeconds();

  onTestModuleStart({ moduleId, relativeModuleId }: TestModule): void {
    this.#count();
    const cost = { file: relativeModuleId, wallSeconds: 0, cpuSeconds: 0 };
    this.#running.set(moduleId, { ...cost, begunAt: performance.now() });
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.#count();
    const running = this.#running.get(moduleId);
    if (running === undefined) return;
    this.#running.delete(moduleId);
    const { begunAt, ...cost } = running;
    this.#costs.push({ ...cost, wallSeconds: (performance.now() - begunAt) / 1_000 });
  }

  onTestRunEnd(): void {
    if (this.#counted !== null && this.#costs.length > 0) console.log(costTable(this.#costs));
  }

  #count(): void {
    const now = cpuSeconds();
    if (now === null || this.#counted === null) return;
    // The sum may be less than before, since the time of a process that has left the tree is not
    // counted.
    const share = Math.max(0, now - this.#counted) / Math.max(1, this.#running.size);
    for (const cost of this.#running.values()) cost.cpuSeconds += share;
    this.#counted = now;
  }
}
