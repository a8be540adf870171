import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadScenario } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { playScenario } from './play-scenario.ts';
import { root, sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const folders = await readdir(join(root, 'scenarios'));
const naive = folders.filter((name) => name.startsWith('naive-'));

// These runs mostly wait for time-outs, so two concurrent runs cost little.
test.concurrent.each(naive)('%s breaks, and the checkers name its invariants', async (name) => {
  const scenario = await loadScenario(root, name);
  const { result } = await playScenario(scenario, { infrastructure: servers() });
  expect(result.verdict).toBe('broken');
  const broken = result.invariants.filter(({ holds }) => !holds);
  expect(broken.map(({ id }) => id)).toEqual(expect.arrayContaining(scenario.invariants));
  expect(broken[0]?.because?.text).toBeTruthy();
});
