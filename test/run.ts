import { endChildrenOnSignal, runScript } from './runner/child.ts';
import { runTools, runVitest } from './runner/steps.ts';
import { add, closingLine } from './runner/tally.ts';

// Everything: what `check` runs, then whole labs on real servers. One after another: two cores,
// and a test that times a lab must not compete with a compiler. What is fetched and built for some
// of the tests is the exception: it would else be waited for, and Go has the lowest priority.
endChildrenOnSignal();
const ahead = runScript('bring-ahead', [], false);
const tools = await runTools();
const unit = await runVitest({ title: 'unit tests', script: 'unit', live: true });
const e2e = await runVitest({ title: 'e2e tests', script: 'e2e', live: true });
const { ok, output } = await ahead;
if (!ok) console.log(output.trimEnd()); // the tests that need it have failed
const tally = [tools, unit, e2e].reduce(add);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
