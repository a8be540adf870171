import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Verdict } from '../run-result.ts';
import { runFolders } from './find-run.ts';

/** A folder in `.lab/runs`, as `scenario runs` shows it. */
export interface ListedRun {
  /** Name of the folder: what `scenario report` and its like take. */
  run: string;
  scenario: string;
  coordination: string;
  seed: number;
  verdict: Verdict;
  durationMs: number;
}

/** @returns runs that came to a result, the latest first; what else lies there is passed over */
export async function listRuns(root: string, most: number): Promise<ListedRun[]> {
  const found: ListedRun[] = [];
  for (const run of await runFolders(root)) {
    if (found.length === most) break;
    const listed = await readListed(root, run);
    if (listed !== null) found.push(listed);
  }
  return found;
}

/** The result of a storm is of another kind: it has no scenario. */
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
