import type { JsonTestResults } from 'vitest/node';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The closing line that CI reads. */
export function closingLine(tally: Tally): string {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

/**
 * Counts one vitest run. A problem outside of any test counts as one failure: a file that could not
 * be imported, an unhandled error, a crash without a result, a run without a test.
 * @param result  vitest's JSON report, undefined when it wrote none
 * @param ok      whether vitest exited with 0
 */
export function tallyOf(result: JsonTestResults | undefined, ok: boolean): Tally {
  const tally = (result?.testResults ?? []).map(tallyOfFile).reduce(add, NOTHING);
  const sound = result !== undefined && ok && tally.passed > 0;
  return !sound && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

function tallyOfFile(file: JsonTestResults['testResults'][number]): Tally {
  const tally = file.assertionResults.map(({ status }) => tallyOfTest(status)).reduce(add, NOTHING);
  return file.status === 'failed' && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

function tallyOfTest(status: string): Tally {
  if (status === 'passed') return { ...NOTHING, passed: 1 };
  if (status === 'failed') return { ...NOTHING, failed: 1 };
  return { ...NOTHING, skipped: 1 };
}
