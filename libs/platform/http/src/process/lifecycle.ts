import { Failure } from '@indoubt/failure';
import { createLog } from './log.ts';
import { endTelemetry } from './telemetry.ts';

/** Stops the service: takes no more work, finishes running work, and closes its connections. */
export type Stop = () => Promise<void>;

const STOP_WITHIN_MS = 5_000;
const EXIT_FAILED = 1;
const EXIT_CONFIG = 2;

/**
 * Runs a service's process from start to exit. SIGTERM or SIGINT stops it once, within 5 s, and
 * exits 0 (1 when stopping fails or takes longer); a second signal exits at once. Wrong settings
 * exit 2 with one message on stderr. An uncaught error is logged and exits 1: a process in an
 * unknown state must not go on. Its supervisor starts a new process, and the protocols survive
 * that.
 */
export function runService(start: () => Promise<Stop>): void {
  process.on('uncaughtException', (error) => die('Uncaught error', error));
  process.on('unhandledRejection', (error) => die('Unhandled rejection', error));
  const started = start();
  started.catch(refuse);
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(EXIT_FAILED);
    stopping = true;
    void stopWithin(started);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/**
 * Runs a process that does one piece of work and exits: 0 when the work is done, else as
 * `runService` does.
 */
export function runJob(work: () => Promise<void>): void {
  work().catch(refuse);
}

async function stopWithin(started: Promise<Stop>): Promise<void> {
  setTimeout(() => die('Stopping took too long', `over ${STOP_WITHIN_MS} ms`), STOP_WITHIN_MS);
  try {
    // A service that is still starting is stopped after its start: half a service cannot be
    // stopped.
    const stop = await started;
    await stop();
    await endTelemetry();
    process.exit(0);
  } catch (error) {
    die('Stopping failed', error);
  }
}

function refuse(error: unknown): never {
  if (error instanceof Failure && error.code === 'invalid-config') {
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
  return die('The process could not start or could not do its work', error);
}

function die(what: string, error: unknown): never {
  // A new logger: that of the service may not exist yet, or may be the cause.
  const log = createLog({ service: 'lifecycle', level: 'fatal' });
  log.fatal({ err: error instanceof Error ? error : new Error(String(error)) }, what);
  process.exit(EXIT_FAILED);
}
