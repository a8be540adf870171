import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeMetricsTargets, writeMetricsTargets } from './metrics-targets.ts';
import { sampleUp } from './sample-status.fixture.ts';

test('the targets file lists each process of the lab and is removed at its end', async () => {
  const root = await mkdtemp(join(tmpdir(), 'in-doubt-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const { endpoints } = sampleUp();
  await writeMetricsTargets(root, endpoints);
  const text = await readFile(join(root, '.lab', 'metrics-targets.json'), 'utf8');
  const written: unknown = JSON.parse(text);
  expect(written).toEqual(
    endpoints.services.map(({ name, url }) => ({
      targets: [url.replace('http://', '')],
      labels: { service: name },
    })),
  );
  await removeMetricsTargets(root);
  expect(await readdir(join(root, '.lab'))).toEqual([]);
});
