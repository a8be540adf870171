import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Verdict } from '../run-result.ts';
import { runFolders } from './find-run.ts';

/** A folder in `.lab/runs`, as `scenario runs` shows it. */
export interface ListedRun {
  /** Name of the folder, which `scenario report` and other commands take. */
  run: string;
  scenario: string;
  coordination: string;
  seed: number;
  verdict: Verdict;
  durationMs: number;
}

/** @returns runs with a result, latest first; other folders are ignored */
export async function listRuns(root: string, most: number): Promise<ListedRun[]> {
  const found: ListedRun[] = [];
  for (const run of await runFolders(root)) {
    if (found.length === most) break;
    const listed = await readListed(root, run);
    if (listed !== null) found.push(listed);
  }
  return found;
}

/**
 * The result of a run of a scenario. The result of a storm has no scenario, so it does not match.
 */
const RESULT: z.ZodType<Omit<ListedRun, 'run'>> = z.object({
  scenario: z.string(),
  coordination: z.string(),
  seed: z.number(),
  verdict: z.enum(['holds', 'broken', 'unknown']),
  durationMs: z.number(),
});

async function readListed(root: string, run: string): Promise<ListedRun | null> {
  const file = join(root, '.lab', 'runs', run, 'result.json');
  try {
    return { run, ...RESULT.parse(JSON.parse(await readFile(file, 'utf8'))) };
  } catch {
    return null; // a storm, a matrix, a lab that was up, or a run that was cut short
  }
}
