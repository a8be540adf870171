import { randomUUID } from 'node:crypto';
import { endChildrenOnSignal, runScript } from './runner/child.ts';
import { minutes } from './runner/cost-table.ts';
import { cpuSeconds } from './runner/cpu-time.ts';
import { runTools, runVitest } from './runner/steps.ts';
import { add, closingLine, type Tally } from './runner/tally.ts';

// Runs all tests: first the checks of `npm run check`, then whole labs on real servers. The steps
// run one after the other, since a test that times a lab must not compete with a compiler for two
// cores. Only the tools of some tests are fetched and built at the same time, with Go at the lowest
// priority. With names (`npm test -- matrix`): only the test files whose path contains one of the
// names.
const names = process.argv.slice(2);
const startMs = performance.now();
endChildrenOnSignal();
// The id of this run: bring-debian.ts does not try a failed set-up again in the same run.
process.env['IN_DOUBT_TEST_RUN'] = randomUUID();
const tallies = names.length === 0 ? await runAll() : [await runPart()];
const tally = tallies.reduce(add);
const cpu = cpuSeconds();
const wall = minutes((performance.now() - startMs) / 1_000);
console.log(`Took ${wall}${cpu === null ? '' : `, and ${minutes(cpu)} of processor time`}.`);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;

async function runAll(): Promise<Tally[]> {
  const over = new AbortController();
  const ahead = runScript('bring-ahead', [], false, over.signal);
  const tools = await runTools();
  const unit = await runVitest({ title: 'unit tests', script: 'unit', live: true });
  const e2e = await runVitest({ title: 'e2e tests', script: 'e2e', live: true });
  over.abort(); // the tests are over: a test whose tool was not ready has been skipped
  const { ok, output } = await ahead;
  if (!ok) console.log(`Some tools of the tests could not be installed:\n${output.trimEnd()}`);
  return [tools, unit, e2e];
}

function runPart(): Promise<Tally> {
  return runVitest({ title: 'tests', script: 'part', live: true, names });
}
