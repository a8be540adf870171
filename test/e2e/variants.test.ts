import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadScenario, runScenario } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { root, sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const folders = await readdir(join(root, 'scenarios'));
const naive = folders.filter((name) => name.startsWith('naive-'));

// Much of such a story is waiting for what will not come: two at once cost little.
test.concurrent.each(naive)('%s: broken, and the checkers say which invariant', async (name) => {
  const scenario = await loadScenario(root, name);
  const { result } = await runScenario(scenario, {
    coordination: scenario.coordinations[0],
    seed: 1,
    keep: false,
    infrastructure: servers(),
    root,
    signal: new AbortController().signal,
    onLine: () => undefined,
    onPhase: () => undefined,
  });
  expect(result.verdict).toBe('broken');
  const broken = result.invariants.filter(({ holds }) => !holds);
  expect(broken.map(({ id }) => id)).toEqual(expect.arrayContaining(scenario.invariants));
  expect(broken[0]?.because?.text).toBeTruthy();
});
