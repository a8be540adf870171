import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export interface SchemathesisRun {
  command: string;
  /** The address of the service, which has its document at /openapi.json. */
  url: string;
  /** Headers of every request, such as the lab's secret. */
  headers?: Record<string, string>;
  seed: number;
  /** The number of examples for each operation and phase. The duration grows with it. */
  examplesMax: number;
}

/** The extent and the findings of a run of schemathesis. */
export interface Found {
  operations: number;
  requests: number;
  /** Each finding has the request that shows it, as a curl command. */
  findings: string[];
}

const beside = (name: string) => join(import.meta.dirname, name);
const HOOKS = beside('schemathesis-hooks.py');
const REQUEST_WITHIN_S = '15';

const report = z.object({
  complete: z.boolean(),
  operations: z.object({ total: z.number(), tested: z.number(), errored: z.number() }),
  test_cases: z.object({ generated: z.number() }),
  failures: z.array(z.unknown()),
  errors: z.array(z.unknown()),
});

/**
 * Sends requests to a service that its own document allows, and requests that the document forbids.
 * The document is also the measure of the replies. All checks and all phases run.
 * @throws Error when schemathesis failed; the message has its output
 */
export async function runSchemathesis(options: SchemathesisRun): Promise<Found> {
  // Not in the checkout: schemathesis writes caches into its working directory.
  const folder = await mkdtemp(join(tmpdir(), 'in-doubt-schemathesis-'));
  try {
    const child = spawn(options.command, argumentsOf(options, folder), {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: folder, PYTHONUTF8: '1', SCHEMATHESIS_HOOKS: HOOKS },
    });
    const [stdout, errors] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    const output = `${stdout}\n${errors}`;
    return found(output, await reportIn(folder, output), child.exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function argumentsOf({ url, headers = {}, seed, examplesMax }: SchemathesisRun, folder: string) {
  return [
    `--config-file=${beside('schemathesis.toml')}`,
    'run',
    `${url}/openapi.json`,
    '--checks=all',
    '--mode=all',
    `--seed=${seed}`,
    `--max-examples=${examplesMax}`,
    '--generation-database=none',
    '--continue-on-failure',
    `--request-timeout=${REQUEST_WITHIN_S}`,
    // A finding must show the whole request. The secret belongs to a lab that ends in a minute.
    '--output-sanitize=false',
    '--no-color',
    '--report=json',
    `--report-json-path=${join(folder, 'report.json')}`,
    ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
  ];
}

async function reportIn(folder: string, output: string) {
  const written = await readFile(join(folder, 'report.json'), 'utf8').catch(() => '{}');
  const parsed = report.safeParse(JSON.parse(written));
  if (parsed.success) return parsed.data;
  throw new Error(`schemathesis left no report:\n${output.slice(-3_000)}`);
}

function found(output: string, done: z.output<typeof report>, exitCode: number | null): Found {
  const { complete, operations, failures, errors, test_cases: cases } = done;
  const isClean = exitCode === 0 && failures.length === 0 && errors.length === 0;
  const isWhole = complete && operations.tested === operations.total;
  return {
    operations: operations.tested,
    requests: cases.generated,
    findings: isClean && isWhole ? [] : findingsIn(output),
  };
}

/** The failures in the output, each with its request. Unknown output becomes one finding. */
function findingsIn(output: string): string[] {
  const [, failures] = /^=+ FAILURES =+$([\s\S]*?)^=+ SUMMARY =+$/m.exec(output) ?? [];
  return failures === undefined ? [output] : failures.split(/^_{8,} (?=[A-Z]+ )/m).slice(1);
}
