import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import { dockerProvider, startJaegerContainer } from '../../infrastructure/docker/docker.ts';
import { jaegerRequirement } from '../../infrastructure/jaeger/jaeger-program.ts';
import { startJaeger } from '../../infrastructure/jaeger/jaeger-server.ts';
import type { JaegerAddresses, StartContext } from '../../infrastructure/provider.ts';
import { missingOf } from '../../infrastructure/requirement.ts';
import { type JaegerJob, type JaegerState, jaegerPidFile } from './jaeger-file.ts';
import { type Background, runInBackground } from './run-in-background.ts';

// The background process of `scenario jaeger`. It runs Jaeger until SIGTERM, or until Jaeger ends.
const { root, infra } = JSON.parse(process.argv[2] ?? '') as JaegerJob;
await runInBackground(jaegerPidFile(root), runJaeger);

async function runJaeger({
  signal,
  send,
  untilStopped,
}: Background<JaegerState, never>): Promise<void> {
  const startedAt = new Date().toISOString();
  const progress = (text: string): void => void send({ kind: 'phase', text });
  const context = { root, progress, signal };
  const { addresses, jaegerPid, logFile, exited, stop } = await startEither(context, infra);
  try {
    const { pid } = process;
    await untilStopped({ pid, startedAt, ...addresses, jaegerPid, logFile }, exited);
  } finally {
    await stop();
  }
}

interface RunningJaeger {
  addresses: JaegerAddresses;
  jaegerPid: number | null;
  logFile: string | null;
  /** Settles when Jaeger has ended by itself; never in a container. */
  exited: Promise<void>;
  stop: () => Promise<void>;
}

/** Starts Jaeger built from source where that is possible, else Jaeger's container. */
async function startEither(context: StartContext, wanted: WantedProvider): Promise<RunningJaeger> {
  const isNative = wanted === 'native' || (wanted !== 'docker' && !(await needsDocker()));
  if (isNative) {
    const { pid, stop, ...rest } = await startJaeger(context);
    return { ...rest, jaegerPid: pid, stop };
  }
  const { addresses, stop } = await startJaegerContainer(context);
  const never = new Promise<void>(() => undefined);
  return { addresses, jaegerPid: null, logFile: null, exited: never, stop };
}

/** True without Go and with Docker. */
async function needsDocker(): Promise<boolean> {
  const { found } = await jaegerRequirement(root);
  return found === null && missingOf(await dockerProvider().requirements()).length === 0;
}
