import { endChildrenOnSignal, runScript } from './runner/child.ts';
import { runVitest } from './runner/steps.ts';
import { add, closingLine, NOTHING, type Tally } from './runner/tally.ts';

// Plays what `npm test` only samples: every cell of the crash matrix, every storm that catches a
// mistake, more examples of schemathesis, and ten storms of a minute. Takes about half an hour.
const SEEDS = [201, 202, 203, 204, 205, 206, 207, 208, 209, 210];

endChildrenOnSignal();
process.env['TEST_WHOLE'] = 'yes';
const SAMPLED = ['e2e/matrix', 'e2e/caught', 'e2e/schemathesis'];
let tally = await runVitest({ title: 'whole', script: 'part', live: true, names: SAMPLED });
for (const seed of SEEDS) tally = add(tally, await storm(seed));
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;

/**
 * Plays one storm and prints its progress. It passes if the exit code is 0: the verdict is holds.
 */
async function storm(seed: number): Promise<Tally> {
  const args = ['storm', '--seed', `${seed}`, '--duration', '60s', '--rate', '15'];
  const { ok } = await runScript('scenario', args, true);
  return ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}
