import { expect, test } from 'vitest';
import { sampleResult } from '../evidence/sample-result.fixture.ts';
import { sampleRows } from '../evidence/snapshot/sample-snapshots.fixture.ts';
import { createPaint } from '../text/paint.ts';
import type { Output } from './cli.ts';
import { createRunReport } from './run-report.ts';

function reported(reportProblem: string | null): { out: string; err: string } {
  const printed = { out: '', err: '' };
  const output = (to: 'out' | 'err'): Output => ({
    write: (text) => void (printed[to] += text),
    isTerminal: false,
    columns: 100,
    isClosed: () => false,
    paint: createPaint(false),
  });
  const signal = new AbortController().signal;
  const cli = { root: '/', env: {}, signal, out: output('out'), err: output('err') };
  const report = createRunReport(cli, {}, { clear: () => undefined });
  const result = { ...sampleResult(), report: reportProblem === null ? '/r/report.html' : null };
  const durations = { setUpMs: 1, runMs: 2, checkMs: 3 };
  report.outcome({ result, ...sampleRows(), durations, reportProblem }, 0);
  return printed;
}

test('the verdict is followed by the path of the page', () => {
  const { out, err } = reported(null);
  expect(out).toContain('  report      /r/report.html\n');
  expect(err).toBe('');
});

test('a page that cannot be written is reported on stderr and does not change the verdict', () => {
  const { out, err } = reported('the report /r/report.html could not be written: ENOSPC');
  expect(err).toBe('scenario: the report /r/report.html could not be written: ENOSPC\n');
  expect(out).not.toContain('report.html');
  expect(out).toContain('HOLDS  saga-compensation: all 2 checks hold');
});
