import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export interface SchemathesisRun {
  command: string;
  /** Of the service; its document is at /openapi.json. */
  url: string;
  /** Of every request, such as the lab's secret. */
  headers?: Record<string, string>;
  seed: number;
  /** For each operation and phase; what takes its time. */
  examplesMax: number;
}

/** What it asked, and what it found. */
export interface Found {
  operations: number;
  requests: number;
  /** One a finding, each with the request that shows it, as a curl command. */
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
 * Asks a service whatever its own document allows, and whatever it does not, and judges the answers
 * by that document: all checks, data that fits and data that does not, all phases.
 * @throws Error when it could not do its work: its output is the message
 */
export async function runSchemathesis(asked: SchemathesisRun): Promise<Found> {
  // Not in the checkout: it keeps caches in its working directory.
  const folder = await mkdtemp(join(tmpdir(), 'in-doubt-schemathesis-'));
  try {
    const child = spawn(asked.command, optionsOf(asked, folder), {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: folder, PYTHONUTF8: '1', SCHEMATHESIS_HOOKS: HOOKS },
    });
    const [output, errors] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    const said = `${output}\n${errors}`;
    return found(said, await reportIn(folder, said), child.exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function optionsOf({ url, headers = {}, seed, examplesMax }: SchemathesisRun, folder: string) {
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
    // The secret is that of a lab which is gone a minute later; a request must be seen whole.
    '--output-sanitize=false',
    '--no-color',
    '--report=json',
    `--report-json-path=${join(folder, 'report.json')}`,
    ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
  ];
}

async function reportIn(folder: string, said: string) {
  const written = await readFile(join(folder, 'report.json'), 'utf8').catch(() => '{}');
  const parsed = report.safeParse(JSON.parse(written));
  if (parsed.success) return parsed.data;
  throw new Error(`schemathesis left no report:\n${said.slice(-3_000)}`);
}

function found(said: string, done: z.output<typeof report>, exitCode: number | null): Found {
  const { complete, operations, failures, errors, test_cases: cases } = done;
  const isClean = exitCode === 0 && failures.length === 0 && errors.length === 0;
  const isWhole = complete && operations.tested === operations.total;
  return {
    operations: operations.tested,
    requests: cases.generated,
    findings: isClean && isWhole ? [] : findingsIn(said),
  };
}

/** From its output, which has each failure with its request; all of it when it looks different. */
function findingsIn(said: string): string[] {
  const [, failures] = /^=+ FAILURES =+$([\s\S]*?)^=+ SUMMARY =+$/m.exec(said) ?? [];
  return failures === undefined ? [said] : failures.split(/^_{8,} (?=[A-Z]+ )/m).slice(1);
}
