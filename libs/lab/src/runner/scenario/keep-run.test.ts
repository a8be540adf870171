import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { sampleRunRows } from '../../evidence/rows/sample-rows.fixture.ts';
import { sampleResult } from '../../evidence/sample-result.fixture.ts';
import { keepRun } from './keep-run.ts';

const ABOUT = { fault: 'the card is declined', teaches: 'compensation', steps: ['an order'] };
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'in-doubt-keep-'));
  return () => rm(dir, { recursive: true, force: true });
});

const keep = () =>
  keepRun(ABOUT, { ...sampleResult(), runDir: dir }, sampleLines(), sampleRunRows());
const kept = async () => JSON.parse(await readFile(join(dir, 'result.json'), 'utf8'));

test('rows, page and result are in the folder, and the result says where the page is', async () => {
  const { result, reportProblem } = await keep();
  expect(reportProblem).toBeNull();
  expect(await kept()).toEqual(result);
  expect(result.report).toBe(join(dir, 'report.html'));
  expect(JSON.parse(await readFile(join(dir, 'rows.json'), 'utf8'))).toEqual(sampleRunRows());
});

test('rows that cannot be written are said to be so, and the run has its result', async () => {
  await mkdir(join(dir, 'rows.json'));
  const { result, reportProblem } = await keep();
  expect(reportProblem).toMatch(/^the rows \/.*\/rows\.json could not be written: EISDIR/);
  expect(await kept()).toMatchObject({ verdict: 'holds', report: result.report });
});

test('nor can the page: both are said, in a line', async () => {
  await mkdir(join(dir, 'rows.json'));
  await mkdir(join(dir, 'report.html'));
  const { result, reportProblem } = await keep();
  expect(reportProblem).toMatch(/^the report .* could not be .*; the rows .* could not be /);
  expect(reportProblem).not.toContain('\n');
  expect(await kept()).toEqual(result);
});
