import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import type { WantedProvider } from '../infrastructure/choose-provider.ts';
import { dockerProvider, startJaegerContainer } from '../infrastructure/docker.ts';
import { jaegerRequirement } from '../infrastructure/jaeger-program.ts';
import { startJaeger } from '../infrastructure/jaeger-server.ts';
import type { JaegerAddresses, StartContext } from '../infrastructure/provider.ts';
import { missingOf } from '../infrastructure/requirement.ts';
import type { BackgroundMessage } from './background-process.ts';
import { explainError } from './exit-code.ts';
import { type JaegerJob, type JaegerState, jaegerPlace } from './jaeger-file.ts';

// The process behind `scenario jaeger`: it holds Jaeger until SIGTERM, or until Jaeger ends.
const { root, infra } = JSON.parse(process.argv[2] ?? '') as JaegerJob;
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());
process.once('SIGHUP', () => undefined); // the terminal closed: it was meant to outlive that
// The command that asked for it died before there was anything to hold.
let isReady = false;
process.once('disconnect', () => isReady || stop.abort());
const place = jaegerPlace(root);

try {
  await place.claim();
  try {
    await hold();
  } finally {
    await place.remove();
  }
} catch (error) {
  const code = error instanceof Failure ? error.code : null;
  console.error(explainError(error));
  if (!isReady) await tell({ kind: 'failed', code, text: explainError(error) });
  process.exitCode = 2;
}
// Not of itself: the timer in `asked` is still there when Jaeger has ended before anybody asked.
process.exit();

async function hold(): Promise<void> {
  const startedAt = new Date().toISOString();
  const progress = (text: string): void => void tell({ kind: 'phase', text });
  const context = { root, progress, signal: stop.signal };
  const { addresses, jaegerPid, logFile, exited, end } = await startEither(context, infra);
  try {
    const state = { pid: process.pid, startedAt, ...addresses, jaegerPid, logFile };
    await place.write(state);
    stop.signal.throwIfAborted();
    isReady = true;
    await tell({ kind: 'ready', state });
    await Promise.race([exited, asked()]);
  } finally {
    await end();
  }
}

interface Either {
  addresses: JaegerAddresses;
  jaegerPid: number | null;
  logFile: string | null;
  /** Settles when Jaeger has ended by itself. */
  exited: Promise<void>;
  end: () => Promise<void>;
}

/** Built from its source where that is possible, else from its image. */
async function startEither(context: StartContext, wanted: WantedProvider): Promise<Either> {
  const isNative = wanted === 'native' || (wanted !== 'docker' && !(await needsDocker()));
  if (isNative) {
    const { pid, stop: end, ...rest } = await startJaeger(context);
    return { ...rest, jaegerPid: pid, end };
  }
  const { addresses, stop: end } = await startJaegerContainer(context);
  const never = new Promise<void>(() => undefined);
  return { addresses, jaegerPid: null, logFile: null, exited: never, end };
}

/** Without Go, and with Docker. */
async function needsDocker(): Promise<boolean> {
  const { found } = await jaegerRequirement(root);
  return found === null && missingOf(await dockerProvider().requirements()).length === 0;
}

/** Settles when it is told to end; until then it keeps the process alive. */
async function asked(): Promise<void> {
  const forever = 2 ** 31 - 1;
  await delay(forever, undefined, { signal: stop.signal }).catch(() => undefined);
}

/** Settles when the message is out; a command that has left hears nothing, and that is no error. */
function tell(message: BackgroundMessage<JaegerState>): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
