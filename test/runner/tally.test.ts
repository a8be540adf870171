import { expect, test } from 'vitest';
import type { JsonTestResults } from 'vitest/node';
import { add, closingLine, NOTHING, tallyOf } from './tally.ts';

type FileResult = JsonTestResults['testResults'][number];
type Status = FileResult['assertionResults'][number]['status'];

function resultOf(...files: { status: FileResult['status']; tests: Status[] }[]): JsonTestResults {
  const testResults = files.map(({ status, tests }) => ({
    status,
    assertionResults: tests.map((each) => ({ status: each })),
  }));
  return { testResults } as unknown as JsonTestResults;
}

test('each test of a file counts once, as passed, failed or skipped', () => {
  const result = resultOf(
    { status: 'failed', tests: ['passed', 'failed', 'skipped'] },
    { status: 'passed', tests: ['passed', 'todo'] },
  );
  expect(tallyOf(result, false)).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

test('a file that cannot be imported has no tests and counts as one failure', () => {
  const result = resultOf(
    { status: 'failed', tests: [] },
    { status: 'passed', tests: ['passed'] },
    { status: 'failed', tests: ['failed'] },
  );
  expect(tallyOf(result, false)).toEqual({ passed: 1, failed: 2, skipped: 0 });
});

test('an unhandled error counts as one failure although every test passed', () => {
  const result = resultOf({ status: 'passed', tests: ['passed'] });
  expect(tallyOf(result, false)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a crash without a result counts as one failure, whatever the exit code is', () => {
  expect(tallyOf(undefined, false).failed).toBe(1);
  expect(tallyOf(undefined, true).failed).toBe(1);
});

test('a run without a test, or with skipped tests only, counts as one failure', () => {
  expect(tallyOf(resultOf(), true).failed).toBe(1);
  expect(tallyOf(resultOf({ status: 'passed', tests: ['skipped'] }), true).failed).toBe(1);
});

test('the closing line names skipped tests only when there are any', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  const some = add({ ...NOTHING, skipped: 1 }, { passed: 2, failed: 1, skipped: 1 });
  expect(closingLine(some)).toBe('2 passed, 1 failed, 2 skipped');
});
