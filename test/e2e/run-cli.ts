import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from './shared-servers.ts';

/** The result of a command. */
export interface CliOutcome {
  code: number;
  stdout: string;
  stderr: string;
}

interface CliOptions {
  /** The working directory. Default: the checkout. */
  cwd?: string;
  /** Added to the environment of this process; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** The checkout whose CLI runs. Default: this checkout. */
  checkout?: string;
}

const OUTPUT_BYTES_MAX = 100_000_000;

/** The main module of a checkout's CLI. */
export function cliMain(checkout = root): string {
  return join(checkout, 'libs', 'lab', 'src', 'cli', 'main.ts');
}

/** Runs the CLI in a child process. Does not throw for any exit code. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliOutcome> {
  return runProgram(process.execPath, [cliMain(options.checkout), ...args], options);
}

/** Runs any program in the same manner as `runCli`. */
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
