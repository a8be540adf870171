import { expect, test } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import { renderRuns } from './runs-command.ts';

const RUN = {
  run: '2026-11-21T20-23-06-788-saga-compensation',
  scenario: 'saga-compensation',
  coordination: 'saga',
  seed: 7,
  durationMs: 4_312,
} as const;

test('runs are listed one per line, in columns', () => {
  const broken = { ...RUN, verdict: 'broken', coordination: '2pc', durationMs: 12 } as const;
  const text = renderRuns([{ ...RUN, verdict: 'holds' }, broken], createPaint(false));
  expect(text.split('\n').slice(0, 2)).toEqual([
    `HOLDS       4.3 s  saga  ${RUN.run}`,
    `BROKEN      12 ms  2pc   ${RUN.run}`,
  ]);
});

test('without past runs the list says how to start a run', () => {
  expect(renderRuns([], createPaint(false))).toMatch(/scenario run saga-compensation/);
});
