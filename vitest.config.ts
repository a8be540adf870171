import { defineConfig } from 'vitest/config';
import { LateLast } from './test/runner/late-last.ts';
import { scaled } from './test/runner/slowness.ts';

const MINUTE_MS = 60_000;
export default defineConfig({
  test: {
    // `.only` would silently leave the rest out; a run with no test proves nothing.
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
          // A house rule reads every file of the house.
          testTimeout: scaled(20_000),
          // More than cores: much of their time is waiting for sockets and processes.
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
          // Real servers on two cores: files run one after another, most on the same servers.
          globalSetup: 'test/e2e/start-servers.ts',
          fileParallelism: false,
          maxConcurrency: 2,
          testTimeout: scaled(2 * MINUTE_MS),
          hookTimeout: scaled(5 * MINUTE_MS),
        },
      },
    ],
  },
});
