import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { EVENT_NAMES, isTornLine, type RecordLine } from '@indoubt/record';
import { z } from 'zod';
import { firstIssue } from '../../text/first-issue.ts';
import { RUN_VERSION, type RunResult } from '../run-result.ts';
import { findRun } from './find-run.ts';

/** A finished run, read from its folder. */
export interface StoredRun {
  /** Absolute. */
  dir: string;
  /** Name of the folder: the time of its beginning, and its scenario. */
  name: string;
  result: RunResult;
  /** The whole record, in the order of time. */
  lines: RecordLine[];
}

/**
 * Reads a run from its folder.
 * @param wanted  see findRun
 * @throws Failure 'invalid-request' (definite: it only reads) when there is no such run, when the
 *   run has no result, or when a file is damaged: the error names the file and the line
 */
export async function openRun(root: string, wanted: string): Promise<StoredRun> {
  const dir = await findRun(root, wanted);
  // The result first: it says the version, and the record of another version is not readable.
  const result = await readResult(dir);
  const lines = await readRecord(dir);
  return { dir, name: basename(dir), result, lines };
}

async function readResult(dir: string): Promise<RunResult> {
  const file = join(dir, 'result.json');
  const read = await readFile(file, 'utf8').catch(() => {
    throw new Failure(
      'invalid-request',
      `${dir} has no result.json: the run did not finish, or it is not the run of a scenario.\n` +
        "Next: 'scenario run NAME' makes a complete run.",
    );
  });
  const result = parsed(read);
  if (result === undefined) throw damaged(file, 'it is not JSON');
  if (isStorm(result)) throw stormy(dir);
  const version = versionOf(result);
  if (version !== RUN_VERSION) throw otherVersion(dir, version);
  const checked = RESULT.safeParse(result);
  if (!checked.success) {
    throw damaged(file, `it is not the result of a run (${firstIssue(checked.error)})`);
  }
  return result as RunResult;
}

/** Version 1 had no version field. */
function versionOf(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('scenario' in result)) return RUN_VERSION;
  return 'version' in result ? result.version : 1;
}

function otherVersion(dir: string, version: unknown): Failure {
  return new Failure(
    'invalid-request',
    `${dir} was stored in version ${String(version)}; this lab opens version ${RUN_VERSION}.\n` +
      "Next: play it again ('scenario runs' names its scenario and its seed), " +
      'or open it with the version of the lab that stored it.',
  );
}

/** Whether a result is of a storm. */
function isStorm(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'scheduleFile' in value;
}

function stormy(dir: string): Failure {
  return new Failure(
    'invalid-request',
    `${dir} is the folder of a storm, which has no report page and no diagram.\n` +
      "Next: read its result.json, or repeat the storm with 'scenario storm --replay'.",
  );
}

/** The fields of a result that the views read. */
const RESULT = z.looseObject({
  scenario: z.string(),
  coordination: z.enum(['saga', '2pc']),
  seed: z.number(),
  verdict: z.enum(['holds', 'broken', 'unknown']),
  durationMs: z.number(),
  invariants: z.array(
    z.looseObject({
      id: z.string(),
      title: z.string(),
      holds: z.boolean(),
      detail: z.string(),
      violations: z.array(z.looseObject({ kind: z.string(), text: z.string() })),
      because: z.looseObject({ event: z.string(), atMs: z.number() }).nullable(),
    }),
  ),
  expectations: z.array(
    z.looseObject({ title: z.string(), holds: z.boolean(), detail: z.string() }),
  ),
  comparison: z
    .looseObject({
      title: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.looseObject({ what: z.string(), values: z.array(z.string()) })),
      notes: z.array(z.string()),
    })
    .nullable(),
  orders: z.array(
    z.looseObject({ id: z.string(), status: z.string(), reason: z.string().nullable() }),
  ),
  problem: z.string().nullable(),
  again: z.string(),
  faults: z.array(z.string()),
  report: z.string().nullable(),
});

/** @returns at least one line: an empty record is an error */
async function readRecord(dir: string): Promise<RecordLine[]> {
  const recordDir = join(dir, 'record');
  const names = await readdir(recordDir).catch(() => {
    throw damaged(recordDir, 'the folder with the record is not there');
  });
  const files = names.filter((name) => name.endsWith('.jsonl')).toSorted();
  const read = await Promise.all(files.map((name) => readLines(join(recordDir, name))));
  const lines = read.flat();
  if (lines.length === 0) throw damaged(recordDir, 'there is no line in the record');
  return lines.toSorted((one, other) => one.at - other.at);
}

/**
 * A torn line does not count as damage: its process was killed while it wrote the line. A torn line
 * may be at the end of a file, or where the next process of the same file begins.
 */
async function readLines(file: string): Promise<RecordLine[]> {
  const all = (await readFile(file, 'utf8')).split('\n');
  all.pop(); // empty after the last newline, or half a line
  const read = all
    .map((line, index) => ({ line, value: parsed(line), where: `${file}, line ${index + 1}` }))
    .filter(({ line }) => line !== '');
  return read.flatMap(({ line, value, where }, index) => {
    if (isLine(value)) return [value];
    const [before, after] = [read[index - 1]?.value, read[index + 1]?.value];
    if (value !== undefined) throw damaged(where, 'it is not a line of a record');
    if (isTornLine(line) && isBetweenProcesses(before, after)) return [];
    throw damaged(where, 'it is not JSON');
  });
}

function isBetweenProcesses(before: unknown, after: unknown): boolean {
  return !isLine(before) || !isLine(after) || before.pid !== after.pid;
}

const WRITTEN = { process: z.string(), pid: z.number(), at: z.number() };
const SPAN = z.looseObject({
  ...WRITTEN,
  kind: z.enum(['span-start', 'span-end']),
  traceId: z.string(),
  spanId: z.string(),
  name: z.string(),
  startedAt: z.number(),
  attributes: z.looseObject({}),
});
const EVENT = z.looseObject({ ...WRITTEN, kind: z.literal('event'), event: z.enum(EVENT_NAMES) });
const LINE = z.discriminatedUnion('kind', [EVENT, SPAN]);

function isLine(value: unknown): value is RecordLine {
  return LINE.safeParse(value).success;
}

/** @returns undefined when it is not JSON */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function damaged(where: string, why: string): Failure {
  return new Failure(
    'invalid-request',
    `the run's folder is damaged: ${where}: ${why}.\n` +
      "Next: choose another run ('scenario runs' lists them), or play it again.",
  );
}
