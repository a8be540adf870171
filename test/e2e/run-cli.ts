import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from './shared-servers.ts';

/** What a command came to. */
export interface CliOutcome {
  code: number;
  stdout: string;
  stderr: string;
}

interface CliOptions {
  /** The working directory; the checkout unless given. */
  cwd?: string;
  /** Put on top of this process's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  /** The checkout whose CLI runs; this one unless given. */
  checkout?: string;
}

const OUTPUT_BYTES_MAX = 100_000_000;

/** The main module of a checkout's CLI. */
export function cliMain(checkout = root): string {
  return join(checkout, 'libs', 'lab', 'src', 'cli', 'main.ts');
}

/** Runs the CLI as a process of its own; no exit code is an error. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  return runProgram(process.execPath, [cliMain(options.checkout), ...args], options);
}

/** As `runCli`, but any program. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd = root, env = {} }: CliOptions = {},
): Promise<CliOutcome> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: OUTPUT_BYTES_MAX };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
