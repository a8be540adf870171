import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { sampleRunRows } from '../../evidence/rows/sample-rows.fixture.ts';
import { sampleResult } from '../../evidence/sample-result.fixture.ts';
import { storeRun } from './store-run.ts';

const ABOUT = { fault: 'the card is declined', teaches: 'compensation', steps: ['an order'] };
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'in-doubt-store-run-'));
  return () => rm(dir, { recursive: true, force: true });
});

const store = () =>
  storeRun(ABOUT, { ...sampleResult(), runDir: dir }, sampleLines(), sampleRunRows());
const stored = async () => JSON.parse(await readFile(join(dir, 'result.json'), 'utf8'));

test('storeRun writes rows, page and result, and the result has the path of the page', async () => {
  const { result, reportProblem } = await store();
  expect(reportProblem).toBeNull();
  expect(await stored()).toEqual(result);
  expect(result.report).toBe(join(dir, 'report.html'));
  expect(JSON.parse(await readFile(join(dir, 'rows.json'), 'utf8'))).toEqual(sampleRunRows());
});

test('storeRun reports rows that cannot be written and still writes the result', async () => {
  await mkdir(join(dir, 'rows.json'));
  const { result, reportProblem } = await store();
  expect(reportProblem).toMatch(/^the rows \/.*\/rows\.json could not be written: EISDIR/);
  expect(await stored()).toMatchObject({ verdict: 'holds', report: result.report });
});

test('storeRun reports in one line that neither page nor rows can be written', async () => {
  await mkdir(join(dir, 'rows.json'));
  await mkdir(join(dir, 'report.html'));
  const { result, reportProblem } = await store();
  expect(reportProblem).toMatch(/^the report .* could not be .*; the rows .* could not be /);
  expect(reportProblem).not.toContain('\n');
  expect(await stored()).toEqual(result);
});
