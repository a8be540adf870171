import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { sampleRunRows } from '../../evidence/rows/sample-rows.fixture.ts';
import { sampleResult } from '../../evidence/sample-result.fixture.ts';
import { writeReport } from './write-report.ts';

const RUN = { result: sampleResult(), lines: sampleLines() };

test('the page with the data of a run is written into the folder of the run', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'in-doubt-report-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const written = await writeReport({ ...RUN, dir }, sampleRunRows(), null);
  expect(written).toEqual({ file: join(dir, 'report.html'), problem: null });
  const page = await readFile(join(dir, 'report.html'), 'utf8');
  expect(page).toContain('"scenario":"saga-compensation"');
});

test('a page that cannot be written is reported in a line, and no error is thrown', async () => {
  const { file, problem } = await writeReport({ ...RUN, dir: '/nowhere' }, null, null);
  expect(file).toBeNull();
  expect(problem).toMatch(/^the report \/nowhere\/report\.html could not be written: ENOENT/);
  expect(problem).not.toContain('\n');
});
