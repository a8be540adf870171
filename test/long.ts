import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runVitest } from './runner/steps.ts';
import { add, closingLine, NOTHING, type Tally } from './runner/tally.ts';

// What `npm test` only samples: every cell of the crash matrix, and ten storms of a minute. Takes
// about half an hour. docs/reliability.md is the report of such a run.
const SEEDS = [201, 202, 203, 204, 205, 206, 207, 208, 209, 210];
const root = join(import.meta.dirname, '..');

process.env['MATRIX'] = 'full';
const matrix = await runVitest({
  title: 'matrix',
  script: 'part',
  live: true,
  names: ['e2e/matrix'],
});
const tally = [matrix, ...SEEDS.map(storm)].reduce(add);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;

/** Plays one storm and prints its verdict. */
function storm(seed: number): Tally {
  const args = ['storm', '--seed', `${seed}`, '--duration', '60s', '--rate', '15', '--json'];
  const { stdout } = spawnSync(join(root, 'scenario'), args, { cwd: root, encoding: 'utf8' });
  const verdict = verdictOf(stdout);
  console.log(`storm, seed ${seed}: ${verdict}`);
  return verdict === 'holds' ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

function verdictOf(json: string): string {
  try {
    return (JSON.parse(json) as { verdict: string }).verdict;
  } catch {
    return 'no result';
  }
}
