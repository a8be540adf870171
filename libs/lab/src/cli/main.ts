import { join } from 'node:path';
import { CommanderError } from 'commander';
import { type Cli, createOutput } from './cli.ts';
import { EXIT, exitCodeOfError, explainError } from './exit-code.ts';
import { createProgram } from './program.ts';

// The composition root of the command: the only place of the lab that reads the environment.
const env = process.env;
const stop = new AbortController();
const cli: Cli = {
  root: join(import.meta.dirname, '..', '..', '..', '..'),
  env,
  signal: stop.signal,
  out: createOutput(process.stdout, env),
  err: createOutput(process.stderr, env),
};

function interrupt(exitCode: number): void {
  // The second interrupt leaves at once: the guards end the remaining processes afterwards.
  if (stop.signal.aborted) process.exit(exitCode);
  cli.err.write('\nstopping … (interrupt again to leave at once)\n');
  stop.abort();
}
process.on('SIGINT', () => interrupt(EXIT.interrupted));
process.on('SIGTERM', () => interrupt(143));
process.on('SIGHUP', () => interrupt(129));

const exitCode = await run();
// A pipe may still buffer the last lines, and process.exit would drop them.
await Promise.all([process.stdout, process.stderr].map(drained));
process.exit(exitCode);

async function run(): Promise<number> {
  let finished: number = EXIT.unknown;
  const program = createProgram(cli, (code) => {
    finished = code;
  });
  try {
    await program.parseAsync(process.argv);
    return finished;
  } catch (error) {
    // Commander has already printed the help, or the error in the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.unknown;
    if (stop.signal.aborted) return EXIT.interrupted;
    cli.err.write(`scenario: ${explainError(error)}\n`);
    return exitCodeOfError(error);
  }
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => void stream.write('', () => resolve()));
}
