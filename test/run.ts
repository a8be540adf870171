import { randomUUID } from 'node:crypto';
import { endChildrenOnSignal, runScript } from './runner/child.ts';
import { runTools, runVitest } from './runner/steps.ts';
import { add, closingLine } from './runner/tally.ts';

// Everything: what `check` runs, then whole labs on real servers. One after another: two cores,
// and a test that times a lab must not compete with a compiler. What is fetched and built for some
// of the tests is the exception: it would else be waited for, and Go has the lowest priority.
endChildrenOnSignal();
// What could not be brought once is not tried again in this run: bring-debian.ts.
process.env['IN_DOUBT_TEST_RUN'] = randomUUID();
const over = new AbortController();
const ahead = runScript('bring-ahead', [], false, over.signal);
const tools = await runTools();
const unit = await runVitest({ title: 'unit tests', script: 'unit', live: true });
const e2e = await runVitest({ title: 'e2e tests', script: 'e2e', live: true });
over.abort(); // whoever could have used it has had to do without
const { ok, output } = await ahead;
if (!ok) console.log(`Not all could be brought ahead:\n${output.trimEnd()}`);
const tally = [tools, unit, e2e].reduce(add);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
