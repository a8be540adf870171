import { defineConfig } from 'vitest/config';
import { LateLast } from './test/runner/late-last.ts';
import { scaled } from './test/runner/slowness.ts';

const MINUTE_MS = 60_000;
const E2E = {
  globalSetup: 'test/e2e/start-servers.ts',
  testTimeout: scaled(2 * MINUTE_MS),
  hookTimeout: scaled(5 * MINUTE_MS),
};
/**
 * Files that run one after another: they use the one lab that a checkout can have up, or all of the
 * machine, or storms whose number of orders depends on the speed of the machine. `faults` stops a
 * broker: on a busy machine the broker elects its leaders again, for longer than the fault lasts.
 */
const ALONE = [
  'caught',
  'chaos-cli',
  'cli',
  'documents',
  'faults',
  'jaeger-command',
  'matrix',
  'overload',
  'scenarios',
  'storm',
  'two-phase-commit-storm',
].map((name) => `test/e2e/${name}.test.ts`);

export default defineConfig({
  test: {
    // `.only` would silently skip the other tests, and a run without a test proves nothing.
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    expect: { poll: { timeout: scaled(5_000) } },
    sequence: { sequencer: LateLast },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // A test of a house rule reads every file of the repository.
          testTimeout: scaled(20_000),
          // More workers than cores, since the tests often wait for sockets and processes.
          maxWorkers: 3,
          include: [
            'libs/**/*.test.ts',
            'services/**/*.test.ts',
            'scenarios/**/*.test.ts',
            'test/architecture/**/*.test.ts',
            'test/runner/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ALONE,
          // Two files at a time: much of their time is waiting. Each lab has its own databases and
          // topics on the servers that all files share.
          maxWorkers: 2,
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
          ...E2E,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e-alone',
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          ...E2E,
        },
      },
    ],
  },
});
