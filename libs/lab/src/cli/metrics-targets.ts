import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Endpoints } from '../evidence/run-result.ts';

function fileOf(root: string): string {
  return join(root, '.lab', 'metrics-targets.json');
}

/** The addresses of a lab's processes in Prometheus's format `file_sd_configs`. Pure. */
export function metricsTargets({ services }: Pick<Endpoints, 'services'>) {
  return services.map(({ name, url }) => ({
    targets: [new URL(url).host],
    labels: { service: name },
  }));
}

/** Replaces the file in one step, because Prometheus may read it at any moment. */
export async function writeMetricsTargets(root: string, endpoints: Endpoints): Promise<void> {
  const file = fileOf(root);
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, `${JSON.stringify(metricsTargets(endpoints), null, 2)}\n`);
  await rename(draft, file);
}

/** Removes the file after the lab has ended. */
export async function removeMetricsTargets(root: string): Promise<void> {
  await rm(fileOf(root), { force: true });
}
