import { endChildrenOnSignal } from './runner/child.ts';
import { runTools, runVitest } from './runner/steps.ts';
import { add, closingLine } from './runner/tally.ts';

// Everything: what `check` runs, then whole labs on real servers. One after another: two cores,
// and a test that times a lab must not compete with a compiler.
endChildrenOnSignal();
const tools = await runTools();
const unit = await runVitest({ title: 'unit tests', script: 'unit', live: true });
const e2e = await runVitest({ title: 'e2e tests', script: 'e2e', live: true });
const tally = [tools, unit, e2e].reduce(add);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
