import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import { dockerProvider, startJaegerContainer } from '../../infrastructure/docker/docker.ts';
import { jaegerRequirement } from '../../infrastructure/jaeger/jaeger-program.ts';
import { startJaeger } from '../../infrastructure/jaeger/jaeger-server.ts';
import type { JaegerAddresses, StartContext } from '../../infrastructure/provider.ts';
import { missingOf } from '../../infrastructure/requirement.ts';
import { type Holding, holdInBackground } from './hold-in-background.ts';
import { type JaegerJob, type JaegerState, jaegerPlace } from './jaeger-file.ts';

// The process behind `scenario jaeger`: it holds Jaeger until SIGTERM, or until Jaeger ends.
const { root, infra } = JSON.parse(process.argv[2] ?? '') as JaegerJob;
await holdInBackground(jaegerPlace(root), hold);

async function hold({ signal, tell, untilAsked }: Holding<JaegerState, never>): Promise<void> {
  const startedAt = new Date().toISOString();
  const progress = (text: string): void => void tell({ kind: 'phase', text });
  const context = { root, progress, signal };
  const { addresses, jaegerPid, logFile, exited, end } = await startEither(context, infra);
  try {
    const { pid } = process;
    await untilAsked({ pid, startedAt, ...addresses, jaegerPid, logFile }, exited);
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
