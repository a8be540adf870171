import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { sampleRunRows } from '../../evidence/rows/sample-rows.fixture.ts';
import { sampleResult } from '../../evidence/sample-result.fixture.ts';
import { writeReport } from './write-report.ts';

const RUN = { result: sampleResult(), lines: sampleLines() };

test('the page of a run is written into its folder, with the run in it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'in-doubt-report-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const written = await writeReport({ ...RUN, dir }, sampleRunRows(), null);
  expect(written).toEqual({ file: join(dir, 'report.html'), problem: null });
  const page = await readFile(join(dir, 'report.html'), 'utf8');
  expect(page).toContain('"scenario":"saga-compensation"');
});

test('one that cannot be written is said to be so, in a line, and nothing fails', async () => {
  const { file, problem } = await writeReport({ ...RUN, dir: '/nowhere' }, null, null);
  expect(file).toBeNull();
  expect(problem).toMatch(/^the report \/nowhere\/report\.html could not be written: ENOENT/);
  expect(problem).not.toContain('\n');
});
