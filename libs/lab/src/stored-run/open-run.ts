import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import type { RunResult } from '../run-result.ts';
import { findRun } from './find-run.ts';

/** A run that is over, read from its folder. */
export interface StoredRun {
  /** Absolute. */
  dir: string;
  /** Name of the folder: when it began, and which scenario it was. */
  name: string;
  result: RunResult;
  /** The whole record, in the order of time. */
  lines: RecordLine[];
}

/**
 * Reads a run from its folder.
 * @param wanted  see findRun
 * @throws Failure 'invalid-request' (definite; it only reads) when there is no such run, when it
 *   did not come to a result, or when its files are damaged: it names the file and the line
 */
export async function openRun(root: string, wanted: string): Promise<StoredRun> {
  const dir = await findRun(root, wanted);
  const [result, lines] = await Promise.all([readResult(dir), readRecord(dir)]);
  return { dir, name: basename(dir), result, lines };
}

async function readResult(dir: string): Promise<RunResult> {
  const file = join(dir, 'result.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Failure(
      'invalid-request',
      `${dir} has no result.json: the run was cut short, or is no run of a scenario.\n` +
        "Next: 'scenario run NAME' makes one that is whole.",
    );
  });
  const result: unknown = parse(text, file);
  if (isStorm(result)) throw stormy(dir);
  if (!isResult(result)) throw damaged(file, 'it is not the result of a run');
  const again = `./scenario run ${result.scenario} --seed ${result.seed}`;
  return { again, faults: [], report: null, ...result };
}

/** A storm has a result of its own kind. */
function isStorm(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'scheduleFile' in value;
}

function stormy(dir: string): Failure {
  return new Failure(
    'invalid-request',
    `${dir} is of a storm, and no run of a scenario: there is no page of it, and no diagram.\n` +
      "Next: its result.json says what it came to; 'scenario storm --replay' plays it again.",
  );
}

/** What was kept of a run, by an earlier version too. */
type Later = 'again' | 'faults' | 'report';
type KeptResult = Omit<RunResult, Later> & Partial<Pick<RunResult, Later>>;

/** Enough to tell a result from another document; it is the lab's own file. */
function isResult(value: unknown): value is KeptResult {
  return (
    typeof value === 'object' &&
    value !== null &&
    'scenario' in value &&
    'verdict' in value &&
    'invariants' in value &&
    Array.isArray(value.invariants)
  );
}

/**
 * The end of a file may be half a line: its process was killed while it wrote. Such a line is no
 * damage; one in the middle is.
 */
async function readRecord(dir: string): Promise<RecordLine[]> {
  const recordDir = join(dir, 'record');
  const names = await readdir(recordDir).catch(() => {
    throw damaged(recordDir, 'the folder with the record is not there');
  });
  const files = names.filter((name) => name.endsWith('.jsonl')).toSorted();
  const read = await Promise.all(files.map((name) => readLines(join(recordDir, name))));
  return read.flat().toSorted((one, other) => one.at - other.at);
}

async function readLines(file: string): Promise<RecordLine[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  lines.pop(); // empty after the last newline, or half a line
  return lines
    .filter((line) => line !== '')
    .map((text, index) => {
      const line: unknown = parse(text, `${file}, line ${index + 1}`);
      if (!isLine(line))
        throw damaged(`${file}, line ${index + 1}`, 'it is not a line of a record');
      return line;
    });
}

function isLine(value: unknown): value is RecordLine {
  return typeof value === 'object' && value !== null && 'kind' in value && 'at' in value;
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(where, 'it is not JSON');
  }
}

function damaged(where: string, why: string): Failure {
  return new Failure(
    'invalid-request',
    `the run's folder is damaged: ${where}: ${why}.\n` +
      "Next: choose another run ('scenario runs' lists them), or play it again.",
  );
}
