import { deepStrictEqual } from 'node:assert/strict';
import { afterAll, vi } from 'vitest';

// Vitest runs this before each file of unit tests. Many files run in one process, one after the
// other, so the state that a file leaves in the process would reach the files after it: a file that
// does not restore what it changes there fails.
const before = stateOfProcess();
afterAll(() => {
  deepStrictEqual(stateOfProcess(), before);
});

function stateOfProcess() {
  const listeners = process.eventNames().map((name) => [name, process.listenerCount(name)]);
  return {
    env: { ...process.env },
    folder: process.cwd(),
    exitCode: process.exitCode,
    areTimersFake: vi.isFakeTimers(),
    listeners: Object.fromEntries(listeners) as Record<string, number>,
  };
}
