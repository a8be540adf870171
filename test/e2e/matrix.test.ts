import { parseChaos } from '@indoubt/chaos';
import { newRunDir, planCells, runMatrix, sampleCells } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { isWhole } from '../runner/sample.ts';
import { scaled } from '../runner/slowness.ts';
import { root, sharedServers } from './shared-servers.ts';

const servers = sharedServers();

const PARALLEL = 3;
const CELL_WITHIN_MS = 10_000;

function play(cells: ReturnType<typeof planCells>, rules = '') {
  return runMatrix({
    cells,
    parallel: PARALLEL,
    infrastructure: servers(),
    root,
    runDir: newRunDir(root, 'e2e-matrix'),
    rules: parseChaos(rules),
    signal: new AbortController().signal,
    onCell: () => undefined,
  });
}

const all = planCells({ coordinations: ['saga', '2pc'] });
// `npm test` hits each crash point once; `npm run test:long` plays every cell.
const played = isWhole ? all : sampleCells(all, 0, () => 1);

test(
  `the crash matrix (${isWhole ? 'all cells' : 'each crash point once'}): every cell holds`,
  async () => {
    const { cells, neverHit, verdict } = await play(played);
    expect(cells.filter((cell) => cell.verdict === 'broken')).toEqual([]);
    expect(neverHit).toEqual([]);
    expect(verdict).toBe('holds');
    expect(cells).toHaveLength(played.length);
  },
  played.length * scaled(CELL_WITHIN_MS),
);

test('the crash matrix finds the variant no-inbox, which handles a redelivery twice', async () => {
  const points = 'inventory:handled-not-acknowledged';
  const cells = planCells({ coordinations: ['saga'], points, hits: [1], outcomes: ['confirmed'] });
  const { cells: results, verdict } = await play(cells, 'variant=no-inbox');
  expect(verdict).toBe('broken');
  expect(results[0]?.broken).toContain('INV-6');
  expect(results[0]?.repeat).toContain(`--points '${points}'`);
});
