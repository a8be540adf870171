import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Endpoints } from '../evidence/run-result.ts';

function fileOf(root: string): string {
  return join(root, '.lab', 'metrics-targets.json');
}

/** Where the processes of a lab listen, as Prometheus reads it (`file_sd_configs`). Pure. */
export function metricsTargets({ services }: Pick<Endpoints, 'services'>) {
  return services.map(({ name, url }) => ({
    targets: [new URL(url).host],
    labels: { service: name },
  }));
}

/** Tells a Prometheus that follows this file which lab is up: all at once, it may be reading. */
export async function writeMetricsTargets(root: string, endpoints: Endpoints): Promise<void> {
  const file = fileOf(root);
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, `${JSON.stringify(metricsTargets(endpoints), null, 2)}\n`);
  await rename(draft, file);
}

/** Nothing is up any more. */
export async function removeMetricsTargets(root: string): Promise<void> {
  await rm(fileOf(root), { force: true });
}
