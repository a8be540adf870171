import { parseArgs } from 'node:util';
import { endChildrenOnSignal } from './runner/child.ts';
import { runTools, runVitest, writeFormat } from './runner/steps.ts';
import { add, closingLine } from './runner/tally.ts';

// The quick check before each commit: everything that needs no server.
const { values } = parseArgs({ options: { fix: { type: 'boolean', default: false } } });
endChildrenOnSignal();
if (values.fix) await writeFormat();
const tools = await runTools();
const tests = await runVitest({ title: 'unit tests', script: 'unit', live: false });
const tally = add(tools, tests);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
